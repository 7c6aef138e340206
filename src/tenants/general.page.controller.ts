import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { currentContext } from '../core/context/request-context.js';
import { May } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { page, seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { mediaUrl } from '../core/http/pages/shell-builder.js';
import { Upload, UploadedImage } from '../core/http/uploads/upload.js';
import { ReferenceOptions } from '../reference/reference-options.js';
import { CLOSED_DAYS } from './closed-days.js';
import { TenantsService } from './tenants.service.js';
import { GeneralForm } from './general.forms.js';

/** Settings tab: name, logo and defaults of the organisation. */
@Controller('settings/general')
@May('tenant:write')
@NotSensitive()
export class GeneralPageController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly options: ReferenceOptions,
  ) {}

  @Get()
  async show(refused?: Form<object>): Promise<Page> {
    const saved = await this.tenants.settings();
    const { organization, currency, timezone, language } = saved;
    const version = String(saved.version);
    const form = refused ?? Form.blank({ organization, currency, timezone, language, version });
    // After a version conflict the form shows the saved values; saving once more overwrites them.
    const isStale = form.values.version !== undefined && form.values.version !== version;
    const { locale } = currentContext();
    const model = {
      form,
      version,
      saved: isStale ? saved : null,
      closedDays: CLOSED_DAYS,
      logoUrl: mediaUrl(saved.logoKey),
      currencies: await this.options.currencies(locale),
      timezones: await this.options.timezones(locale, form.values.timezone ?? null),
      languages: await this.options.languages(locale, ['en', 'nl', 'fr']),
    };
    return page('tenants/general', model, { section: 'settings' });
  }

  @Post()
  @Upload('logo')
  save(
    @CurrentUser() me: Principal,
    @Body(formOf(GeneralForm)) form: Form<GeneralForm>,
    @UploadedImage() logo: Buffer | null,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.show(refused),
      async ({ remove_logo, version, ...settings }) => {
        const change = { ...settings, logo, removeLogo: remove_logo };
        await this.tenants.update(me, change, version === undefined ? undefined : [version]);
        return seeOther('/settings/general/', success('tenants.flash.saved'));
      },
    );
  }
}

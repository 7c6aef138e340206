import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { currentContext } from '../../core/context/request-context.js';
import { WorksReadOnly } from '../../core/entitlements/read-only.guard.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { ReferenceOptions } from '../../reference/reference-options.js';
import { BillingDetailsService } from '../subscriptions/billing-details.service.js';
import { BillingDetailsForm, detailsOf, valuesOf } from './billing.forms.js';

/** Who invoices are made out to, and where they go. */
@Controller('settings/billing/details')
@May('billing:write')
@DenyImpersonation()
@WorksReadOnly()
@NotSensitive()
export class BillingDetailsPageController {
  constructor(
    private readonly details: BillingDetailsService,
    private readonly options: ReferenceOptions,
  ) {}

  @Get()
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.detailsPage(me);
  }

  @Post()
  save(
    @CurrentUser() me: Principal,
    @Body(formOf(BillingDetailsForm)) form: Form<BillingDetailsForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.detailsPage(me, refused),
      async (input) => {
        await this.details.save(me, detailsOf(input), input.version);
        return seeOther('/settings/billing/', success('billing.flash.details_saved'));
      },
    );
  }

  /** After a version conflict the saved details stand beside what was typed; saving once more overwrites them. */
  private async detailsPage(me: Principal, refused?: Form<object>): Promise<Page> {
    const saved = await this.details.get(me);
    const { legalName, email, country } = saved;
    const suggested = {
      ...saved,
      legalName: legalName ?? me.organization,
      email: email ?? me.email,
      country: country ?? me.country,
    };
    const isStale =
      refused?.problems.some(({ key }) => key === 'billing.errors.stale_details') ?? false;
    const model = {
      form: refused ?? Form.blank(valuesOf(suggested)),
      version: isStale ? String(saved.version) : (refused?.values.version ?? String(saved.version)),
      saved: isStale ? saved : null,
      countries: await this.options.countries(currentContext().locale),
    };
    return page('billing/details', model, { section: 'settings' });
  }
}

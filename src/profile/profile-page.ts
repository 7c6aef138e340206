import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { currentContext } from '../core/context/request-context.js';
import { page, type Page } from '../core/http/pipeline/answers.js';
import { Form } from '../core/http/forms/form.js';
import type { SelectOption } from '../core/views/shell.js';
import { ReferenceOptions } from '../reference/reference-options.js';
import { ProfilesService } from './profiles.service.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import { presentSession } from '../users/sessions/session.presenter.js';

/** The forms of the profile page, of which one may be a refused one. */
export interface ProfileForms {
  form?: Form<object>;
  emailForm?: Form<object>;
  passwordForm?: Form<object>;
  deactivateForm?: Form<object>;
}

/** Renders the profile page, which has several forms: a refused one is shown within the whole page. */
@Injectable()
export class ProfilePage {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly sessions: SessionsService,
    private readonly options: ReferenceOptions,
  ) {}

  async show(me: Principal, forms: ProfileForms = {}): Promise<Page> {
    const [saved, sessions] = await Promise.all([
      this.profiles.shownToOwner(me),
      this.sessions.listed(me),
    ]);
    const { locale } = currentContext();
    const version = String(saved.version);
    const form =
      forms.form ??
      Form.blank({
        display_name: saved.displayName,
        timezone: saved.timezone,
        country: saved.country,
        theme: saved.theme,
        marketing_emails: saved.marketingEmails ? '1' : '',
        version,
      });
    // After a version conflict the form shows the saved values; saving once more overwrites them.
    const isStale = form.values.version !== undefined && form.values.version !== version;
    const countries = await this.options.countries(locale);
    const model = {
      emailForm: Form.blank(),
      passwordForm: Form.blank(),
      deactivateForm: Form.blank(),
      ...forms,
      form,
      version,
      savedNow: isStale ? { ...saved, countryName: labelOf(countries, saved.country) } : null,
      pendingEmail: saved.pendingEmail,
      closesOrganisation: saved.isAlone ? me.organization : null,
      timezones: await this.options.timezones(locale, form.values.timezone ?? null),
      countries,
      sessions: sessions.map((session) => presentSession(session, me.sessionId)),
      hasOtherSessions: sessions.some(({ id }) => id !== me.sessionId),
    };
    return page('profile/profile', model, { section: 'profile' });
  }
}

function labelOf(options: readonly SelectOption[], value: string | null): string | null {
  return options.find((option) => option.value === value)?.label ?? null;
}

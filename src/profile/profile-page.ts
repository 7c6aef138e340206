import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Principal } from '../core/context/principal.js';
import { currentContext } from '../core/context/request-context.js';
import { listed } from '../core/features/registry.js';
import { Form } from '../core/http/forms/form.js';
import type { Card } from '../core/http/pages/card.js';
import { page, type Page } from '../core/http/pipeline/answers.js';
import { ReferenceOptions } from '../reference/reference-options.js';
import { Passwords } from '../users/passwords/passwords.js';
import { presentSession } from '../users/sessions/session.presenter.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import { ProfilesService } from './profiles.service.js';

const PROFILE = { section: 'profile' };

/** Renders the sections of the profile. A section has several forms: a refused one is shown within its page. */
@Injectable()
export class ProfilePage {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly sessions: SessionsService,
    private readonly passwords: Passwords,
    private readonly options: ReferenceOptions,
    private readonly modules: ModuleRef,
  ) {}

  /** `/profile/`. */
  async personal(
    me: Principal,
    forms: { form?: Form<object>; emailForm?: Form<object> } = {},
  ): Promise<Page> {
    const [saved, cards] = await Promise.all([
      this.profiles.shownToOwner(me),
      this.cards('personal', me),
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
    const model = {
      emailForm: Form.blank(),
      ...forms,
      form,
      version,
      savedNow: isStale ? saved : null,
      pendingEmail: saved.pendingEmail,
      timezones: await this.options.timezones(locale, form.values.timezone ?? null),
      countries: await this.options.countries(locale),
      cards,
    };
    return page('profile/personal', model, PROFILE);
  }

  /** `/profile/security/`. */
  async security(me: Principal, passwordForm: Form<object> = Form.blank()): Promise<Page> {
    const [sessions, cards] = await Promise.all([
      this.sessions.listed(me),
      this.cards('security', me),
    ]);
    const model = {
      passwordForm,
      passwordMin: this.passwords.minLength(me.secondFactors.length > 0),
      cards,
      sessions: sessions.map((session) => presentSession(session, me.sessionId)),
      hasOtherSessions: sessions.some(({ id }) => id !== me.sessionId),
    };
    return page('profile/security', model, PROFILE);
  }

  /** `/profile/data/`. */
  async data(me: Principal, deactivateForm: Form<object> = Form.blank()): Promise<Page> {
    const [saved, cards] = await Promise.all([
      this.profiles.shownToOwner(me),
      this.cards('data', me),
    ]);
    const closesOrganisation = saved.isAlone ? me.organization : null;
    return page('profile/data', { deactivateForm, closesOrganisation, cards }, PROFILE);
  }

  /** What other features contribute to a section (`profileCards`). */
  private async cards(section: string, me: Principal): Promise<Card[]> {
    const declared = listed('profileCards').filter(
      (each) =>
        each.section === section && !(each.isHiddenFromImpersonators && me.impersonator !== null),
    );
    const cards = await Promise.all(
      declared.map(({ source }) => this.modules.get(source, { strict: false }).card(me)),
    );
    return cards.filter((each) => each !== null);
  }
}

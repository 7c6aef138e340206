import { Injectable } from '@nestjs/common';
import type { MailModel, MailTemplate } from '../core/features/names.js';
import { DEFAULT_LOCALE, localeFromLanguage } from '../core/i18n/locales.js';
import { Mailer } from '../core/mail/mailer.js';
import { MembersRepository } from './members.repository.js';

/** Mails to the active admins of the organisation in context, in the language of each. */
@Injectable()
export class AdminMails {
  constructor(
    private readonly members: MembersRepository,
    private readonly mailer: Mailer,
  ) {}

  /** In the open unit of work, with which the mails are committed. */
  async send<T extends MailTemplate>(template: T, model: MailModel<T>): Promise<void> {
    for (const { email, language } of await this.members.adminAddresses()) {
      await this.mailer.send(
        email,
        template,
        model,
        localeFromLanguage(language) ?? DEFAULT_LOCALE,
      );
    }
  }
}

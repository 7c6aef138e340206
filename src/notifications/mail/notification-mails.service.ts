import { Injectable } from '@nestjs/common';
import { DEFAULT_LOCALE, localeFromLanguage } from '../../core/i18n/locales.js';
import { Translator } from '../../core/i18n/translator.js';
import { Mailer } from '../../core/mail/mailer.js';
import { hrefOf, sentenceOf, type Told } from '../notification.presenter.js';
import type { Mailed } from '../notifications.repository.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

/** Mails of single notifications, to those who chose them. */
@Injectable()
export class NotificationMails {
  constructor(
    private readonly mailer: Mailer,
    private readonly links: UnsubscribeLinks,
    private readonly texts: Translator,
  ) {}

  /** In the open unit of work, in the language of each. */
  async send(tenantId: string, mailed: readonly Mailed[], told: Told): Promise<void> {
    for (const { memberId, email, language } of mailed) {
      const locale = localeFromLanguage(language) ?? DEFAULT_LOCALE;
      const model = {
        text: sentenceOf(told, this.texts, locale),
        url: this.mailer.link(hrefOf(told)),
        settingsUrl: this.mailer.link('/profile/notifications/'),
        unsubscribeUrl: this.links.url({ tenantId, memberId, kind: told.kind }),
      };
      await this.mailer.send(email, 'notification', model, locale);
    }
  }
}

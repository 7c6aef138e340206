import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import type { Locale } from '../i18n/locales.js';
import { JobQueue } from '../jobs/job-queue.js';

/** The mails there are: a view in `views/mail` and a subject in `mail.<name>.subject` each. */
export type MailTemplate =
  | 'verify-email'
  | 'password-reset'
  | 'password-changed'
  | 'email-change-confirm'
  | 'email-change-notice'
  | 'email-changed'
  | 'invitation'
  | 'tenant-export';

/** Sends mail by leaving a job in the open unit of work: never lost, never for a change rolled back. */
@Injectable()
export class Mailer {
  constructor(
    private readonly jobs: JobQueue,
    private readonly config: AppConfig,
  ) {}

  async send(
    to: string,
    template: MailTemplate,
    model: Record<string, unknown> = {},
    locale?: Locale,
  ): Promise<void> {
    await this.jobs.enqueue('mail', { to, template, model }, { locale });
  }

  /** A page of this site for a mail; built from `APP_URL`, whatever Host a request claimed. */
  link(path: string): string {
    return this.config.appUrl + path;
  }
}

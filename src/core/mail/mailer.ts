import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import type { MailModel, MailTemplate } from '../features/names.js';
import type { Locale } from '../i18n/locales.js';
import type { TextKey } from '../i18n/text-keys.js';
import { JobQueue } from '../jobs/job-queue.js';
import { MailEncryption } from './mail-encryption.js';

/**
 * Whom a mail speaks to; its last lines say why they receive it. Somebody without an account is an
 * outsider: `because` is a sentence with `{organization}`, `{address}` and other values of the model.
 */
export type Recipient = { kind: 'account_holder' } | { kind: 'outsider'; because?: TextKey };

export interface ToOutsider {
  recipient: Extract<Recipient, { kind: 'outsider' }>;
  /** On whose behalf the mail is sent. */
  organization: string;
}

/** What a notice offers to whoever did not cause what it tells: to take it back, or a new password. */
export interface Notice {
  url: string;
  isNotMe: boolean;
}

/** Sends mail by leaving a job in the open unit of work: never lost, never for a change rolled back. */
@Injectable()
export class Mailer {
  constructor(
    private readonly jobs: JobQueue,
    private readonly seal: MailEncryption,
    private readonly config: AppConfig,
  ) {}

  async send<T extends MailTemplate>(
    to: string,
    template: T,
    model: MailModel<T>,
    locale?: Locale,
  ): Promise<void> {
    if (reachesNobody(to)) return;
    const job = this.seal.encryptJob({ to, template, model: { ...model } });
    await this.jobs.enqueue('mail', job, locale ? { locale } : {});
  }

  /** A page of this site for a mail; built from `APP_URL`, whatever Host a request claimed. */
  link(path: string): string {
    return this.config.appUrl + path;
  }
}

/** The top level that is nobody's (RFC 2606 §2): the address of an account that gave up its own. */
export function reachesNobody(address: string): boolean {
  return address.endsWith('.invalid');
}

import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import type { MailModel, MailTemplate } from '../features/names.js';
import type { Locale } from '../i18n/locales.js';
import type { TextKey } from '../i18n/text-keys.js';
import { JobQueue } from '../jobs/job-queue.js';
import { MailEncryption } from './mail-encryption.js';

/**
 * The recipient, for the footer that says why they receive the mail. An outsider has no account: `because` is
 * a text key with `{organization}`, `{address}` and other values of the model.
 */
export type Recipient = { kind: 'account_holder' } | { kind: 'outsider'; because?: TextKey };

export interface ToOutsider {
  recipient: Extract<Recipient, { kind: 'outsider' }>;
  /** Name of the organisation on whose behalf the mail is sent. */
  organization: string;
}

/** The link of a notice: undo the change, or choose a new password. */
export interface Notice {
  url: string;
  isNotMe: boolean;
}

/**
 * Sends mail by adding a job to the open unit of work: never lost, never sent for a change that was rolled
 * back.
 */
@Injectable()
export class Mailer {
  constructor(
    private readonly jobs: JobQueue,
    private readonly encryption: MailEncryption,
    private readonly config: AppConfig,
  ) {}

  async send<T extends MailTemplate>(
    to: string,
    template: T,
    model: MailModel<T>,
    locale?: Locale,
  ): Promise<void> {
    if (reachesNobody(to)) return;
    const job = this.encryption.encryptJob({ to, template, model: { ...model } });
    await this.jobs.enqueue('mail', job, locale ? { locale } : {});
  }

  /** Absolute URL of a page for a mail; built from `APP_URL`, never from a request's Host. */
  link(path: string): string {
    return this.config.appUrl + path;
  }
}

/** Whether the domain is reserved (`.invalid`, RFC 2606 §2), as of accounts that gave up their address. */
export function reachesNobody(address: string): boolean {
  return address.endsWith('.invalid');
}

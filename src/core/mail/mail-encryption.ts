import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import type { MailJob, EncryptedMailJob } from '../jobs/queues.js';
import { SecretBox } from '../crypto/secret-box.js';

/** What people read of a kept mail. */
export interface MailBody {
  text: string;
  html: string;
}

/** Mails hold single-use links: in the database they lie sealed, as jobs, as dead letters and when kept. */
@Injectable()
export class MailEncryption {
  private readonly seal: SecretBox;

  constructor(config: AppConfig) {
    this.seal = new SecretBox(config.secret, 'mails');
  }

  encryptJob({ to, template, model }: MailJob): EncryptedMailJob {
    const sealed = this.seal.encrypt(Buffer.from(JSON.stringify({ template, model })), `job ${to}`);
    return { to, kind: template, sealed: sealed.toString('base64') };
  }

  /** Jobs of the version before are not sealed. @throws Error when it was sealed with another secret */
  decryptJob(job: MailJob | EncryptedMailJob): MailJob {
    if (!('sealed' in job)) return job;
    const opened = this.seal.decrypt(Buffer.from(job.sealed, 'base64'), `job ${job.to}`);
    if (!opened) throw new Error('The mail was sealed with another APP_SECRET');
    const { template, model } = JSON.parse(opened.toString()) as Omit<MailJob, 'to'>;
    return { to: job.to, template, model };
  }

  encryptBody(to: string, { text, html }: MailBody): Buffer {
    return this.seal.encrypt(Buffer.from(JSON.stringify({ text, html })), `kept ${to}`);
  }

  /** Null when it was sealed with another secret. */
  decryptBody(to: string, sealed: Buffer): MailBody | null {
    const opened = this.seal.decrypt(sealed, `kept ${to}`);
    return opened && (JSON.parse(opened.toString()) as MailBody);
  }
}

/** Without what opens something: links stay readable, their tokens do not. */
export function withoutTokens(text: string): string {
  return text.replace(/[\w-]{43}/g, '…');
}

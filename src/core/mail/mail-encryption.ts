import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import type { MailJob, EncryptedMailJob } from '../jobs/queues.js';
import { SecretBox } from '../crypto/secret-box.js';

/** The readable parts of a captured mail. */
export interface MailBody {
  text: string;
  html: string;
}

/**
 * Encrypts mails in the database (jobs, dead letters, captured mails), since they contain single-use links.
 * See ADR 44.
 */
@Injectable()
export class MailEncryption {
  private readonly secretBox: SecretBox;

  constructor(config: AppConfig) {
    this.secretBox = new SecretBox(config.secret, 'mails');
  }

  encryptJob({ to, template, model }: MailJob): EncryptedMailJob {
    const sealed = this.secretBox.encrypt(
      Buffer.from(JSON.stringify({ template, model })),
      `job ${to}`,
    );
    return { to, kind: template, sealed: sealed.toString('base64') };
  }

  /**
   * Decrypts a mail job; jobs of the previous version are not encrypted.
   * @throws Error when encrypted with another secret
   */
  decryptJob(job: MailJob | EncryptedMailJob): MailJob {
    if (!('sealed' in job)) return job;
    const opened = this.secretBox.decrypt(Buffer.from(job.sealed, 'base64'), `job ${job.to}`);
    if (!opened) throw new Error('The mail was encrypted with another APP_SECRET');
    const { template, model } = JSON.parse(opened.toString()) as Omit<MailJob, 'to'>;
    return { to: job.to, template, model };
  }

  encryptBody(to: string, { text, html }: MailBody): Buffer {
    return this.secretBox.encrypt(Buffer.from(JSON.stringify({ text, html })), `kept ${to}`);
  }

  /** Decrypts a captured mail; null when encrypted with another secret. */
  decryptBody(to: string, sealed: Buffer): MailBody | null {
    const opened = this.secretBox.decrypt(sealed, `kept ${to}`);
    return opened && (JSON.parse(opened.toString()) as MailBody);
  }
}

/** Removes the tokens of links from a text. */
export function withoutTokens(text: string): string {
  return text.replace(/[\w-]{43}/g, '…');
}

import { patience } from './limits.js';
import type { AppConfig } from '../../src/core/config/config.js';
import { MailEncryption } from '../../src/core/mail/mail-encryption.js';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

type Row = Mail & { sealed: Buffer };

/** The mails that were sent, in the order they arrived. */
export class Mailbox {
  private readonly encryption: MailEncryption;

  constructor(
    private readonly sql: <T>(text: string, values?: unknown[]) => Promise<T[]>,
    config: AppConfig,
  ) {
    this.encryption = new MailEncryption(config);
  }

  async to(address: string): Promise<Mail[]> {
    const rows = await this.sql<Row>(
      'SELECT "to", subject, text, html, sealed FROM kept_mail WHERE "to" = $1 ORDER BY created_at',
      [address],
    );
    return rows.map(({ to, subject, sealed }) => ({
      to,
      subject,
      ...this.encryption.decryptBody(to, sealed)!,
    }));
  }

  /** Waits for the `count`th mail to an address whose text or subject matches; mail leaves by a job. */
  async expect(address: string, matching: RegExp = /./, count = 1): Promise<Mail> {
    for (const started = Date.now(); ;) {
      const found = (await this.to(address)).filter(
        ({ subject, text }) => matching.test(subject) || matching.test(text),
      );
      if (found.length >= count) return found[count - 1]!;
      if (Date.now() - started > patience(10_000)) {
        const seen = (await this.to(address)).map(({ subject }) => subject).join(', ') || 'none';
        throw new Error(`No mail to ${address} matches ${String(matching)}; there are: ${seen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }
}

/** The path of the first link in a mail that goes to this site. */
export function linkIn(mail: Mail): string {
  const url = /https?:\/\/\S+/.exec(mail.text)?.[0];
  if (!url) throw new Error(`There is no link in "${mail.subject}"`);
  return new URL(url).pathname;
}

/** The text without the joiners that keep addresses in it from becoming links. */
export function plain({ text }: Mail): string {
  return text.replaceAll('\u2060', '');
}

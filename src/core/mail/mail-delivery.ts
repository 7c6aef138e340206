import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { brand } from '../brand/brand.js';
import { AppConfig } from '../config/config.js';
import { currentContext } from '../context/request-context.js';
import { mailSubject } from '../features/declared-texts.js';
import { declaredBy } from '../features/registry.js';
import { Translator } from '../i18n/translator.js';
import { JobQueue } from '../jobs/job-queue.js';
import type { MailJob } from '../jobs/queues.js';
import { Metrics } from '../telemetry/metrics.js';
import { Views } from '../views/views.module.js';
import { CapturedMailsRepository } from './captured-mails.repository.js';
import { MailEncryption } from './mail-encryption.js';
import type { Recipient } from './mailer.js';
import { eachName, shortened, unlinked } from './plain-names.js';

/** Mail worker: renders a mail in the language of its cause and sends it. */
@Injectable()
export class MailDelivery implements OnModuleInit {
  private readonly log = new Logger('Mail');
  private readonly smtp?: Transporter;

  constructor(
    private readonly config: AppConfig,
    private readonly jobs: JobQueue,
    private readonly views: Views,
    private readonly texts: Translator,
    private readonly kept: CapturedMailsRepository,
    private readonly encryption: MailEncryption,
    private readonly metrics: Metrics,
  ) {
    if (config.SMTP_URL) {
      this.smtp = createTransport({
        url: config.SMTP_URL,
        connectionTimeout: 10_000,
        greetingTimeout: 10_000,
        socketTimeout: 30_000,
      });
    }
  }

  onModuleInit(): void {
    this.jobs.handle('mail', (mail) => this.deliver(this.encryption.decryptJob(mail)), {
      worksClosed: true,
    });
  }

  private async deliver({ to, template, model }: MailJob): Promise<void> {
    const { locale } = currentContext();
    const { name: siteName, accent, company } = brand;
    const shell = { locale, siteName, accent, company, timeZone: 'UTC' };
    const { name: feature } = declaredBy('mails', template);
    const names = eachName(model, unlinked);
    const args = { site: brand.name, ...eachName(names, shortened) };
    const subject = oneLine(this.texts.t(mailSubject(template), args, locale));
    const shown = { ...names, shell, footer: this.footer(to, names) };
    const view = `${feature}/mail/${template}`;
    const html = await this.views.render(view, shown);
    const text = await this.views.render(`${view}.text`, shown);
    const unsubscribeUrl = unsubscribeUrlOf(model);
    if (this.smtp) {
      const { MAIL_FROM, SUPPORT_EMAIL } = this.config;
      await this.smtp
        .sendMail({
          from: MAIL_FROM,
          to: { name: '', address: to },
          ...(SUPPORT_EMAIL ? { replyTo: SUPPORT_EMAIL } : {}),
          subject,
          text,
          html,
          ...(unsubscribeUrl ? { headers: oneClick(unsubscribeUrl) } : {}),
        })
        .catch((error: unknown) => {
          this.metrics.mail('failed');
          throw error;
        });
      this.metrics.mail('sent');
    } else {
      await this.kept.keep({ to, subject, text, html });
      this.metrics.mail('kept');
      if (!this.config.isProduction) {
        this.log.log(`A mail "${subject}" to ${to} is kept at ${this.config.appUrl}/dev/mail/`);
      } else {
        this.log.warn('A mail was kept and not sent: SMTP_URL is not set');
      }
    }
  }

  /** Why somebody receives this mail. */
  private footer(address: string, model: Record<string, unknown>): string {
    const recipient = (model.recipient ?? { kind: 'account_holder' }) as Recipient;
    const args = { site: brand.name, ...model, address };
    if (recipient.kind === 'account_holder') return this.texts.t('mail.footer', args);
    const key = recipient.because ?? 'mail.outsider.because';
    const said = this.texts.t(key, args);
    // A job that another version queued may name a text that this one does not have.
    const because = said === key ? this.texts.t('mail.outsider.because', args) : said;
    const unexpected = this.texts.t('mail.outsider.unexpected');
    return `${because} ${unexpected}`;
  }
}

/** Header values are one line (RFC 5322 §2.2). */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 900);
}

/** Where somebody stops such mails, of those that can be stopped. */
function unsubscribeUrlOf({ unsubscribeUrl }: Record<string, unknown>): string | null {
  return typeof unsubscribeUrl === 'string' ? unsubscribeUrl : null;
}

/** One-click unsubscribing (RFC 8058 §3.1). */
function oneClick(url: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { runInContext } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DEFAULT_LOCALE, localeFromLanguage } from '../../core/i18n/locales.js';
import { Translator } from '../../core/i18n/translator.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { RecurringJobs } from '../../core/jobs/recurring-jobs.js';
import { Mailer } from '../../core/mail/mailer.js';
import { hrefOf, sentenceOf } from '../notification.presenter.js';
import { NotificationDigestRepository, type DueDigest } from './notification-digest.repository.js';
import { UnsubscribeLinks } from './unsubscribe-links.js';

const HOURLY = 3600;

/** Lines of a digest at most; the page shows the others. */
const MOST_LINES = 20;

/**
 * The daily digest: one mail each morning, in the time zone of each, about what came the day before and was not read
 * since. An hourly job looks for whom it is morning; the row that says so and the mail are committed together.
 */
@Injectable()
export class NotificationDigest implements OnModuleInit {
  private readonly log = new Logger('Notifications');

  constructor(
    private readonly digests: NotificationDigestRepository,
    private readonly mailer: Mailer,
    private readonly links: UnsubscribeLinks,
    private readonly texts: Translator,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('notification_digest', () => this.sendDue());
    this.recurring.every(HOURLY, 'notification_digest');
  }

  /** Sends what is due now. What fails in one organisation is logged and tried again in an hour. */
  async sendDue(): Promise<void> {
    for (const tenantId of await this.digests.tenants()) {
      await runInContext({ tenantId }, () => this.sendIn(tenantId)).catch((error: unknown) =>
        this.log.error(`Digests of ${tenantId} could not be sent: ${String(error)}`),
      );
    }
  }

  private async sendIn(tenantId: string): Promise<void> {
    for (const due of await this.digests.due()) {
      await this.unitOfWork.run(() => this.send(tenantId, due));
    }
  }

  private async send(tenantId: string, due: DueDigest): Promise<void> {
    if (!(await this.digests.claim(due))) return;
    const rows = await this.digests.take(due);
    if (rows.length === 0) return;
    const { memberId, email, language } = due;
    const locale = localeFromLanguage(language) ?? DEFAULT_LOCALE;
    const lines = rows.slice(0, MOST_LINES).map((row) => ({
      text: sentenceOf(row, this.texts, locale),
      url: this.mailer.link(hrefOf(row)),
    }));
    const model = {
      count: rows.length,
      lines,
      more: rows.length - lines.length,
      url: this.mailer.link('/notifications/'),
      settingsUrl: this.mailer.link('/profile/notifications/'),
      unsubscribeUrl: this.links.url({ tenantId, memberId, kind: null }),
    };
    await this.mailer.send(email, 'notification-digest', model, locale);
  }
}

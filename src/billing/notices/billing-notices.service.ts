import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { runInContext } from '../../core/context/request-context.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { TenantPlan } from '../../core/entitlements/tenant-plan.js';
import type { NotificationKind } from '../../core/features/names.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { RecurringJobs } from '../../core/jobs/recurring-jobs.js';
import { Mailer } from '../../core/mail/mailer.js';
import { AdminMails } from '../../members/admin-mails.service.js';
import { Notifications } from '../../notifications/notifications.service.js';
import { PlanEntitlements } from '../access/plan-entitlements.js';
import { TRIAL_NOTICE_MS } from '../access/plan-notice.js';
import { TenantPlansRepository } from '../access/tenant-plans.repository.js';
import { SubscriptionsRepository } from '../sync/subscriptions.repository.js';
import { NoticesRepository, type NoticeKind, type NoticeOccasion } from './notices.repository.js';

const HOUR = 3600;
const AT_ONCE = 200;

/**
 * Mails to admins: a trial that ends soon and has no card, each payment that failed, and the day from which the
 * organisation can only read. An hourly job looks who has to be told; the row that says so and the mail are
 * committed together, so that each is sent once.
 */
@Injectable()
export class BillingNotices implements OnModuleInit {
  private readonly log = new Logger('Billing');

  constructor(
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
    private readonly notices: NoticesRepository,
    private readonly plans: TenantPlansRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly entitlements: PlanEntitlements,
    private readonly admins: AdminMails,
    private readonly mailer: Mailer,
    private readonly notifications: Notifications,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('billing_notices', () => this.sendDue());
    if (this.entitlements.isOn) this.recurring.every(HOUR, 'billing_notices');
  }

  /** Sends what is due now. What fails for one organisation is logged and tried again in an hour. */
  async sendDue(): Promise<void> {
    for (let after: string | null = null; ;) {
      const tenants: string[] = await this.notices.candidates(after, AT_ONCE);
      for (const tenantId of tenants) {
        await runInContext({ tenantId }, () => this.tell()).catch((error: unknown) =>
          this.log.error(`No notice could be sent to ${tenantId}: ${String(error)}`),
        );
      }
      after = tenants.at(-1) ?? null;
      if (tenants.length < AT_ONCE) return;
    }
  }

  private tell(): Promise<void> {
    return this.unitOfWork.run(async () => {
      const plan = await this.plans.lock();
      const occasion = await this.occasionOf(plan);
      if (!occasion) return;
      const isNew = await this.unitOfWork.runAs(billingRole, () => this.notices.add(occasion));
      if (isNew) await this.mail(occasion.kind, plan);
    });
  }

  private async occasionOf(plan: TenantPlan): Promise<NoticeOccasion | null> {
    const { accessState, accessUntil } = plan;
    const [subscription, invoice] = [
      await this.subscriptions.live(),
      await this.notices.dueInvoice(),
    ];
    if (!subscription) return null;
    const subject = invoice?.externalId ?? subscription.externalId;
    if (this.entitlements.mode(plan) === 'read_only')
      return { kind: 'read_only', subject, attempt: 0 };
    if (accessState === 'grace') {
      return { kind: 'payment_failed', subject, attempt: invoice?.attempts ?? 0 };
    }
    const endsSoon = accessUntil !== null && +accessUntil - Date.now() <= TRIAL_NOTICE_MS;
    if (accessState !== 'trial' || !endsSoon) return null;
    return { kind: 'trial_ends', subject: subscription.externalId, attempt: 0 };
  }

  private async mail(kind: NoticeKind, { planKey, accessUntil }: TenantPlan): Promise<void> {
    const model = {
      plan: planKey ?? 'free',
      // A day: times of day mean little without a time zone.
      day: accessUntil?.toISOString().slice(0, 10) ?? '',
      url: this.mailer.link('/settings/billing/'),
    };
    await this.admins.send(MAILS[kind], model);
    await this.notifications.tell({ admins: true }, KINDS[kind], { day: model.day });
  }
}

const MAILS = {
  trial_ends: 'billing-trial-ends',
  payment_failed: 'billing-payment-failed',
  read_only: 'billing-read-only',
} as const satisfies Record<NoticeKind, string>;

/** The notifications that say the same in the app. */
const KINDS = {
  trial_ends: 'trial.ends_soon',
  payment_failed: 'payment.failed',
  read_only: 'organisation.read_only',
} as const satisfies Record<NoticeKind, NotificationKind>;

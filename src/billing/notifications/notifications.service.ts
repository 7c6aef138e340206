import { Injectable, type OnModuleInit } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { Metrics } from '../../core/telemetry/metrics.js';
import type { PaymentProvider, ProviderNotification } from '../provider/payment-provider.js';
import { NotificationRefused, type NotificationRefusal } from '../provider/provider-errors.js';
import { Providers } from '../provider/providers.js';
import { LedgerRepository } from './ledger.repository.js';

/** What the request said beside its body. */
type Headers = Parameters<PaymentProvider['parseNotification']>[1];

/** Why a notification was not taken. */
export type Refused = NotificationRefusal | 'unknown_provider' | 'unreadable' | 'foreign';

export type Reception = 'new' | 'known' | Refused;

/** Parked notifications that are taken up in one transaction. */
const AT_ONCE = 200;

/**
 * Takes what providers tell, and does nothing with it yet: it is written down together with the job that
 * deals with it, or not at all.
 */
@Injectable()
export class NotificationsService implements OnModuleInit {
  private count: (labels: { outcome: Reception }) => void = () => undefined;

  constructor(
    private readonly providers: Providers,
    private readonly ledger: LedgerRepository,
    private readonly jobs: JobQueue,
    private readonly unitOfWork: UnitOfWork,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.count = this.metrics.counter(
      'atrium_billing_notifications_total',
      'Notifications of payment providers: new, known already, or why they were refused.',
      ['outcome'],
    );
    this.metrics.watch(
      'atrium_billing_events',
      'Notifications that are not done: received (waiting to be dealt with) or parked (staff have to look).',
      ['state'],
      async () => this.openBy(({ count }) => count),
    );
    this.metrics.watch(
      'atrium_billing_event_oldest_seconds',
      'Age of the oldest notification that is not done.',
      ['state'],
      async () => this.openBy(({ age }) => age),
    );
  }

  /** @param body the bytes as they were sent; null: not readable whole */
  async receive(name: string, body: Buffer | null, headers: Headers): Promise<Reception> {
    const outcome = await this.take(name, body, headers);
    this.count({ outcome });
    return outcome;
  }

  /** Deals with it once more, whatever became of it before. False when there is no such notification. */
  replay(provider: PaymentProvider, eventId: string): Promise<boolean> {
    return this.unitOfWork.runAs(billingRole, async () => {
      if (!(await this.ledger.reopen(provider.name, eventId))) return false;
      const event = await this.ledger.find(provider.name, eventId);
      if (event) await this.jobs.enqueue('billing_event', ...jobOf(provider, event));
      return true;
    });
  }

  /** Deals with the oldest that are parked once more. In a unit of work. @returns how many; 0: none is left */
  replayParked(provider: PaymentProvider): Promise<number> {
    return this.unitOfWork.runAs(billingRole, async () => {
      const events = await this.ledger.reopenParked(provider.name, AT_ONCE);
      for (const event of events) {
        await this.jobs.enqueue('billing_event', ...jobOf(provider, event));
      }
      return events.length;
    });
  }

  /** Writes down a notification, and the job that deals with it; false when it is known already. */
  note(provider: PaymentProvider, notification: ProviderNotification): Promise<boolean> {
    const insertion = this.ledger.insertionOf(provider.name, notification);
    const [job, options] = jobOf(provider, notification);
    return this.jobs.enqueueWith(insertion, billingRole, 'billing_event', job, options);
  }

  private async take(name: string, body: Buffer | null, headers: Headers): Promise<Reception> {
    const provider = this.providers.named(name);
    if (!provider) return 'unknown_provider';
    if (!body) return 'unreadable';
    try {
      const notification = await provider.parseNotification(body, headers);
      if (notification.isLive !== provider.isLive) return 'foreign';
      return (await this.note(provider, notification)) ? 'new' : 'known';
    } catch (error) {
      if (error instanceof NotificationRefused) return error.reason;
      throw error;
    }
  }

  private async openBy(valueOf: (row: { count: number; age: number }) => number) {
    const rows = await this.ledger.open();
    return (['received', 'parked'] as const).map((state) => {
      const row = rows.find((one) => one.state === state);
      return { labels: { state }, value: row ? valueOf(row) : 0 };
    });
  }
}

/** The job that deals with it, in turn with the others of its customer. */
function jobOf(
  { name: provider }: PaymentProvider,
  {
    eventId,
    customerId,
    objectId,
  }: Pick<ProviderNotification, 'eventId' | 'customerId' | 'objectId'>,
) {
  return [{ provider, eventId }, { key: `${provider}:${customerId ?? objectId}` }] as const;
}

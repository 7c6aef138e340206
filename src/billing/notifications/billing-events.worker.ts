import { Injectable, type OnModuleInit } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import type { JobData } from '../../core/jobs/queues.js';
import type { PaymentProvider } from '../provider/payment-provider.js';
import { Providers } from '../provider/providers.js';
import { CustomerSync, UnknownCustomer } from '../sync/customer-sync.service.js';
import { LedgerRepository, type LedgerEvent } from './ledger.repository.js';

/** As often as a notification about a customer nobody knows is tried: ours may still be on its way. */
const TRIES_OF_UNKNOWN = 5;

/**
 * Deals with notifications, those of one customer one after another. Of each is used only that something
 * about the customer has changed. It is done when what followed from it is committed, in the same transaction.
 */
@Injectable()
export class BillingEventsWorker implements OnModuleInit {
  constructor(
    private readonly jobs: JobQueue,
    private readonly providers: Providers,
    private readonly ledger: LedgerRepository,
    private readonly customers: CustomerSync,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('billing_event', (job) => this.handle(job), { worksClosed: true });
  }

  /** @throws ProviderUnavailable, and UnknownCustomer while it may still become known: the queue tries again */
  async handle({ provider: name, eventId }: JobData['billing_event']): Promise<void> {
    const provider = this.providers.named(name);
    const event = provider && (await this.ledger.find(provider.name, eventId));
    if (!provider || event?.state !== 'received') return;
    try {
      await this.deal(provider, event);
    } catch (error) {
      const isUnknown = error instanceof UnknownCustomer;
      const isParked = isUnknown && event.attempts + 1 >= TRIES_OF_UNKNOWN;
      const problem = error instanceof Error ? error.message : String(error);
      await this.asBilling(() => this.ledger.failed(provider.name, eventId, problem, isParked));
      if (!isParked) throw error;
    }
  }

  private async deal(provider: PaymentProvider, event: LedgerEvent): Promise<void> {
    const { eventId, customerId } = event;
    if (!customerId) return this.passOn(provider, event);
    const done = () => this.ledger.done(provider.name, eventId);
    await this.customers.sync(provider, customerId, done);
  }

  /** One that names no customer takes its turn among those of the customer it turns out to be about. */
  private async passOn(provider: PaymentProvider, event: LedgerEvent): Promise<void> {
    const customerId = await provider.customerOf(event);
    if (!customerId) throw new UnknownCustomer(`${event.type} is about no customer`);
    await this.asBilling(async () => {
      await this.ledger.belongsTo(provider.name, event.eventId, customerId);
      const job = { provider: provider.name, eventId: event.eventId };
      await this.jobs.enqueue('billing_event', job, { key: `${provider.name}:${customerId}` });
    });
  }

  private asBilling(work: () => Promise<void>): Promise<void> {
    return this.unitOfWork.runAs(billingRole, work);
  }
}

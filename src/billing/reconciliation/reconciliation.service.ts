import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { runInContext } from '../../core/context/request-context.js';
import { inBatches } from '../../core/database/tenant-rows.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { DAY } from '../../core/jobs/queues.js';
import { RecurringJobs } from '../../core/jobs/recurring-jobs.js';
import { Metrics } from '../../core/telemetry/metrics.js';
import { priceDifferences } from '../catalogue/price-check.js';
import { NotificationsService } from '../notifications/notifications.service.js';
import type { PaymentProvider } from '../provider/payment-provider.js';
import { Providers } from '../provider/providers.js';
import { SeatsService } from '../seats/seats.service.js';
import { BillingCustomersRepository } from '../sync/billing-customers.repository.js';
import { CustomerSync, UnknownCustomer } from '../sync/customer-sync.service.js';

/** What was found to differ; all zero where every notification arrived. */
export interface Differences {
  /** Organisations whose plan or access was not what the provider says. */
  customers: number;
  /** Organisations that paid for another number of seats than they have members. */
  seats: number;
  /** Customers of the provider that no organisation had. */
  missing: number;
  /** Notifications the provider could not deliver. */
  undelivered: number;
  /** Customers that could not be compared: nobody knows whose they are. */
  unknown: number;
}

/** Notifications that old are looked for, in days: providers try to deliver them for about three. */
const UNDELIVERED_DAYS = 4;

/**
 * Compares what we know with what the provider knows, daily and by command, and puts right what differs. It
 * should find nothing.
 */
@Injectable()
export class Reconciliation implements OnModuleInit {
  private readonly log = new Logger('Billing');
  private count: (labels: { kind: keyof Differences }) => void = () => undefined;

  constructor(
    private readonly config: AppConfig,
    private readonly providers: Providers,
    private readonly customers: BillingCustomersRepository,
    private readonly customerSync: CustomerSync,
    private readonly notifications: NotificationsService,
    private readonly seats: SeatsService,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.count = this.metrics.counter(
      'atrium_billing_differences_total',
      'What reconciliation found to differ from the payment provider: should be 0.',
      ['kind'],
    );
    this.jobs.handle('billing_reconciliation', () => this.daily());
    if (this.config.BILLING_PROVIDER !== 'off') {
      this.recurring.every(DAY, 'billing_reconciliation');
    }
  }

  /** Every customer and every notification that was not delivered. @throws ProviderUnavailable */
  async run(): Promise<Differences> {
    const provider = this.providers.current;
    const found: Differences = { customers: 0, seats: 0, missing: 0, undelivered: 0, unknown: 0 };
    const note = (kind: keyof Differences) => {
      found[kind] += 1;
      this.count({ kind });
    };
    await this.undelivered(provider, note);
    const known = await this.known(provider, note);
    for await (const { customerId } of provider.customers()) {
      if (known.has(customerId)) continue;
      if (await this.isPutRight(provider, customerId, note)) note('missing');
    }
    if (Object.values(found).some((count) => count > 0)) {
      this.log.warn(`Reconciliation with ${provider.name} found ${JSON.stringify(found)}`);
    }
    return found;
  }

  /** A line for each price that the provider does not sell as the catalogue says. */
  async prices(): Promise<string[]> {
    return priceDifferences(await this.providers.current.prices());
  }

  /** Fetches one organisation's customer anew; null where it has none, else whether something changed. */
  async syncTenant(tenantId: string): Promise<boolean | null> {
    const provider = this.providers.current;
    const customer = await runInContext({ tenantId }, () => this.customers.own(provider.name));
    return customer?.externalId ? this.customerSync.sync(provider, customer.externalId) : null;
  }

  private async daily(): Promise<void> {
    if (this.config.BILLING_PROVIDER !== 'off') await this.run();
  }

  private async undelivered(
    provider: PaymentProvider,
    note: (kind: keyof Differences) => void,
  ): Promise<void> {
    const since = new Date(Date.now() - UNDELIVERED_DAYS * DAY * 1000);
    for await (const notification of provider.undelivered(since)) {
      if (await this.notifications.note(provider, notification)) note('undelivered');
    }
  }

  private async known(
    provider: PaymentProvider,
    note: (kind: keyof Differences) => void,
  ): Promise<Set<string>> {
    const known = new Set<string>();
    for await (const { externalId, tenantId } of this.all(provider)) {
      if (!externalId) continue;
      known.add(externalId);
      if (await this.isPutRight(provider, externalId, note)) note('customers');
      if (await runInContext({ tenantId }, () => this.seats.settle())) note('seats');
    }
    return known;
  }

  private async isPutRight(
    provider: PaymentProvider,
    customerId: string,
    note: (kind: keyof Differences) => void,
  ): Promise<boolean> {
    try {
      return await this.customerSync.sync(provider, customerId);
    } catch (error) {
      if (!(error instanceof UnknownCustomer)) throw error;
      note('unknown');
      return false;
    }
  }

  private all(provider: PaymentProvider) {
    return inBatches((after, limit) => this.customers.page(provider.name, after, limit));
  }
}

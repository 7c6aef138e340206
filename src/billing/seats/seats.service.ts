import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { currentContext, runInContext } from '../../core/context/request-context.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { MembershipsService } from '../../members/memberships.service.js';
import { priceOf } from '../catalogue/catalogue.js';
import { isSeatChangeable } from '../provider/subscription-status.js';
import { Providers } from '../provider/providers.js';
import { BillingCustomersRepository } from '../sync/billing-customers.repository.js';
import { CustomerSync } from '../sync/customer-sync.service.js';
import { SubscriptionsRepository } from '../sync/subscriptions.repository.js';

/**
 * Pays for as many seats as there are people who can act, in plans that are paid by the seat. A job does it a
 * moment after somebody joined or left, so that many at once are one change; reconciliation looks daily.
 */
@Injectable()
export class SeatsService implements OnModuleInit {
  constructor(
    private readonly config: AppConfig,
    private readonly providers: Providers,
    private readonly customers: BillingCustomersRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly memberships: MembershipsService,
    private readonly customerSync: CustomerSync,
    private readonly jobs: JobQueue,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    // Whoever joins is in no organisation yet: the job names it.
    this.jobs.handle('billing_seats', async ({ tenantId }) => {
      await runInContext({ ...currentContext(), tenantId }, () => this.settle());
    });
  }

  /**
   * In the scope of an organisation, outside of a unit of work.
   * @returns whether another number is paid for now
   * @throws ProviderUnavailable, ProviderRefused
   */
  async settle(): Promise<boolean> {
    if (this.config.BILLING_PROVIDER === 'off') return false;
    const live = await this.subscriptions.live();
    if (!live || !isSeatChangeable(live.status)) return false;
    const price = live.priceKey ? priceOf(live.priceKey) : null;
    if (price?.per !== 'seat') return false;
    const provider = this.providers.current;
    const { memberCount } = await this.memberships.overview();
    // Seats that are invoiced by hand are paid for already, and nothing is given back: fewer are agreed on.
    const seats = Math.max(provider.name === 'manual' ? live.quantity : 1, memberCount);
    if (seats === live.quantity) return false;
    const revision = await this.unitOfWork.runAs(billingRole, () =>
      this.subscriptions.nextRevision(live.id),
    );
    await provider.setSeats({ subscriptionId: live.externalId, seats, revision });
    const customer = await this.customers.own(provider.name);
    if (customer?.externalId) await this.customerSync.sync(provider, customer.externalId);
    return true;
  }
}

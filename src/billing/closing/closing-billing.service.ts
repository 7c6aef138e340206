import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { Providers } from '../provider/providers.js';
import { BillingCustomersRepository } from '../sync/billing-customers.repository.js';
import { CheckoutsRepository } from '../sync/checkouts.repository.js';
import { CustomerSync } from '../sync/customer-sync.service.js';
import { SubscriptionsRepository } from '../sync/subscriptions.repository.js';
import { ClosingCustomersRepository } from './closing-customers.repository.js';

/** What follows for billing when the organisation in context was closed, and when it is erased. */
@Injectable()
export class ClosingBilling {
  constructor(
    private readonly providers: Providers,
    private readonly customers: BillingCustomersRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly checkouts: CheckoutsRepository,
    private readonly customerSync: CustomerSync,
    private readonly closing: ClosingCustomersRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Has the running subscription end with its period: nothing is charged any more, and what was paid for is not taken
   * away from an organisation that is reopened. A checkout that is open can no longer be paid. A provider that is not
   * configured any more is not told. May be repeated. Outside of any unit of work.
   * @throws ProviderUnavailable, ProviderRefused
   */
  async endSubscription(): Promise<void> {
    await this.abandonCheckout();
    const live = await this.subscriptions.live();
    if (!live || live.cancelAt || live.status === 'incomplete') return;
    const provider = this.providers.named(live.provider);
    if (!provider) return;
    await provider.cancel(live.externalId);
    const customer = await this.customers.own(provider.name);
    if (customer?.externalId) await this.customerSync.sync(provider, customer.externalId);
  }

  private async abandonCheckout(): Promise<void> {
    const open = await this.checkouts.open();
    if (!open) return;
    if (open.externalId) {
      await this.providers.named(open.provider)?.abandonCheckout(open.externalId);
    }
    await this.unitOfWork.run(() => this.checkouts.abandon(open.id));
  }

  /** In a unit of work of the erasure. Invoices are kept. Returns the number of customers that were deleted. */
  async forgetCustomers(): Promise<number> {
    await this.closing.forgetNotifications();
    return this.closing.forget();
  }

  /** In a unit of work of the erasure. */
  keptInvoices(): Promise<number> {
    return this.closing.keptInvoices();
  }
}

import { Injectable } from '@nestjs/common';
import { UUID } from '../../core/utils/uuid.js';
import { PLANS } from '../catalogue/plans.js';
import { IssuedInvoicesRepository } from '../invoices/issued-invoices.repository.js';
import type { CustomerState, ProviderInvoice } from '../provider/customer-state.js';
import type {
  ChangePreview,
  CheckoutOrder,
  CustomerDetails,
  HostedCheckout,
  PaymentProvider,
  PortalOptions,
  ProviderNotification,
  ProviderPrice,
  SeatChange,
  SubscriptionChange,
} from '../provider/payment-provider.js';
import { NotificationRefused, ProviderRefused } from '../provider/provider-errors.js';
import { ManualBooks } from './manual-books.js';
import { ManualChanges } from './manual-changes.service.js';
import { readInvoice, readSubscription } from './manual-state.js';

const PAGE = 100;

/**
 * Sold by staff and paid by transfer: the provider is ourselves. There are no pages where customers pay and no
 * notifications; the id of a customer is that of its organisation.
 */
@Injectable()
export class ManualProvider implements PaymentProvider {
  readonly name = 'manual';
  /** Transfers are real money. */
  readonly isLive = true;

  constructor(
    private readonly books: ManualBooks,
    private readonly changes: ManualChanges,
    private readonly issued: IssuedInvoicesRepository,
  ) {}

  async ensureCustomer(customer: CustomerDetails): Promise<string> {
    const { tenantId, address } = customer;
    const { repository } = this.books;
    await this.books.within(tenantId, async () => {
      await repository.putCustomer(customer);
      if (address) await repository.putAddress(address);
    });
    return tenantId;
  }

  /** @throws ProviderRefused `not_possible`: staff sell */
  startCheckout(order: CheckoutOrder): Promise<HostedCheckout> {
    const message = `Staff sell to the customer ${order.customerId}`;
    return Promise.reject(new ProviderRefused('not_possible', message));
  }

  abandonCheckout(): Promise<void> {
    return Promise.resolve();
  }

  portalUrl(_: string, { returnUrl }: PortalOptions): Promise<string> {
    return Promise.resolve(returnUrl);
  }

  async fetchCustomerState(customerId: string): Promise<CustomerState | null> {
    const fetchedAt = new Date();
    if (!UUID.test(customerId)) return null;
    return this.books.within(customerId, async () => {
      const { repository, today } = this.books;
      const [customer, invoices] = [await repository.customer(), await this.issued.all()];
      // Of an organisation that was erased, invoices are kept.
      if (!customer && invoices.length === 0) return null;
      const subscriptions = await repository.all();
      const clock = { now: this.books.now(), today };
      return {
        customerId,
        tenantId: customerId,
        isDeleted: !customer,
        // A transfer needs nothing that is known before.
        paymentMethod: { kind: subscriptions.length > 0 ? 'known' : 'none', label: null },
        subscriptions: subscriptions.map((it) => readSubscription(it, invoices, clock)),
        invoices: invoices.map((it) => readInvoice(it, this.books.pageOf(it.id))),
        fetchedAt,
      };
    });
  }

  async invoices(customerId: string): Promise<readonly ProviderInvoice[]> {
    return (await this.fetchCustomerState(customerId))?.invoices ?? [];
  }

  previewChange(change: SubscriptionChange): Promise<ChangePreview> {
    return this.changes.preview(change);
  }

  changePlan(change: SubscriptionChange): Promise<void> {
    return this.changes.changePlan(change);
  }

  setSeats(change: SeatChange): Promise<void> {
    return this.changes.setSeats(change);
  }

  cancel(subscriptionId: string): Promise<void> {
    return this.changes.setCancellation(subscriptionId, true);
  }

  resume(subscriptionId: string): Promise<void> {
    return this.changes.setCancellation(subscriptionId, false);
  }

  async cancelAndRefund(subscriptionId: string): Promise<void> {
    await this.changes.end(subscriptionId, async () => {
      const invoices = await this.issued.all();
      for (const { id, subscriptionId: owner, document, isCredited } of invoices) {
        const isToCredit = owner === subscriptionId && document.kind === 'invoice' && !isCredited;
        if (isToCredit) await this.books.credit(id);
      }
    });
  }

  extendTrial(subscriptionId: string, until: Date): Promise<void> {
    return this.changes.extendTrial(subscriptionId, until);
  }

  /** @throws NotificationRefused: there is nobody who could notify us */
  parseNotification(): Promise<ProviderNotification> {
    return Promise.reject(new NotificationRefused('unsigned'));
  }

  customerOf({ customerId }: ProviderNotification): Promise<string | null> {
    return Promise.resolve(customerId);
  }

  async *customers(): AsyncGenerator<{ customerId: string; tenantId: string | null }> {
    let after: string | null = null;
    for (;;) {
      const page: { tenantId: string }[] = await this.books.repository.customersAfter(after, PAGE);
      for (const { tenantId } of page) yield { customerId: tenantId, tenantId };
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.tenantId;
    }
  }

  async *undelivered(): AsyncGenerator<ProviderNotification> {
    // Nothing is notified, so that nothing is lost.
  }

  prices(): Promise<readonly ProviderPrice[]> {
    const prices = PLANS.flatMap((plan) => plan.prices);
    return Promise.resolve(
      prices.map(({ key, plan, unitPrice, interval }) => {
        return { lookupKey: key, planKey: plan, unitPrice, interval, isActive: true };
      }),
    );
  }
}

import type { IncomingHttpHeaders } from 'node:http';
import type Stripe from 'stripe';
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
import * as changes from './stripe-changes.js';
import { abandonCheckout, startCheckout } from './stripe-checkout.js';
import { ensureCustomer } from './stripe-customers.js';
import { StripeClient, type StripeOptions } from './stripe-client.js';
import { readInvoice } from './stripe-invoices.js';
import { TENANT } from './stripe-metadata.js';
import { readEvent, readNotification } from './stripe-notifications.js';
import { listPrices } from './stripe-prices.js';
import { readCustomer } from './stripe-state.js';
import { localeOf, secondsOf } from './stripe-values.js';

/** Subscriptions and invoices that are looked at; an organisation has a handful. */
const PAGE = 100;

/** Stripe Billing, with its hosted Checkout, portal and tax. */
export class StripeProvider implements PaymentProvider {
  readonly name = 'stripe';
  private readonly client: StripeClient;

  constructor(options: StripeOptions) {
    this.client = new StripeClient(options);
  }

  get isLive(): boolean {
    return this.client.isLive;
  }

  ensureCustomer(customer: CustomerDetails): Promise<string> {
    return ensureCustomer(this.client, customer);
  }

  startCheckout(order: CheckoutOrder): Promise<HostedCheckout> {
    return startCheckout(this.client, order);
  }

  abandonCheckout(checkoutId: string): Promise<void> {
    return abandonCheckout(this.client, checkoutId);
  }

  async portalUrl(customer: string, { returnUrl, locale }: PortalOptions): Promise<string> {
    const { url } = await this.client.call((stripe) =>
      stripe.billingPortal.sessions.create({
        customer,
        return_url: returnUrl,
        locale: localeOf(locale),
      }),
    );
    return url;
  }

  async fetchCustomerState(customerId: string): Promise<CustomerState | null> {
    const fetchedAt = new Date();
    const customer = await this.client.find((stripe) =>
      stripe.customers.retrieve(customerId, {
        expand: ['invoice_settings.default_payment_method'],
      }),
    );
    if (!customer) return null;
    if (customer.deleted)
      return readCustomer({ customer, subscriptions: [], invoices: [], fetchedAt });
    const [subscriptions, invoices] = await Promise.all([
      this.client.call((stripe) =>
        stripe.subscriptions.list({
          customer: customerId,
          status: 'all',
          limit: PAGE,
          expand: ['data.latest_invoice', 'data.default_payment_method'],
        }),
      ),
      this.listInvoices(customerId),
    ]);
    return readCustomer({ customer, subscriptions: subscriptions.data, invoices, fetchedAt });
  }

  async invoices(customerId: string): Promise<readonly ProviderInvoice[]> {
    return (await this.listInvoices(customerId)).map(readInvoice);
  }

  previewChange(change: SubscriptionChange): Promise<ChangePreview> {
    return changes.previewChange(this.client, change);
  }

  changePlan(change: SubscriptionChange): Promise<void> {
    return changes.changePlan(this.client, change);
  }

  setSeats(change: SeatChange): Promise<void> {
    return changes.setSeats(this.client, change);
  }

  cancel(subscriptionId: string): Promise<void> {
    return changes.setCancellation(this.client, subscriptionId, true);
  }

  resume(subscriptionId: string): Promise<void> {
    return changes.setCancellation(this.client, subscriptionId, false);
  }

  cancelAndRefund(subscriptionId: string): Promise<void> {
    return changes.cancelAndRefund(this.client, subscriptionId);
  }

  extendTrial(subscriptionId: string, until: Date): Promise<void> {
    return changes.extendTrial(this.client, subscriptionId, secondsOf(until));
  }

  parseNotification(rawBody: Buffer, headers: IncomingHttpHeaders): Promise<ProviderNotification> {
    return readNotification(this.client, rawBody, headers);
  }

  async customerOf({ customerId, objectId }: ProviderNotification): Promise<string | null> {
    return customerId ?? changes.customerOf(this.client, objectId);
  }

  async *customers(): AsyncGenerator<{ customerId: string; tenantId: string | null }> {
    for await (const { id, metadata } of this.client.each((stripe) =>
      stripe.customers.list({ limit: PAGE }),
    )) {
      yield { customerId: id, tenantId: metadata[TENANT] ?? null };
    }
  }

  async *undelivered(since: Date): AsyncGenerator<ProviderNotification> {
    const events = this.client.each((stripe) =>
      stripe.events.list({
        delivery_success: false,
        created: { gte: secondsOf(since) },
        limit: PAGE,
      }),
    );
    for await (const event of events) yield readEvent(event);
  }

  prices(): Promise<readonly ProviderPrice[]> {
    return listPrices(this.client);
  }

  /** All: one that was open may have been paid since, however old it is. */
  private async listInvoices(customer: string): Promise<Stripe.Invoice[]> {
    const all: Stripe.Invoice[] = [];
    const pages = this.client.each((stripe) => stripe.invoices.list({ customer, limit: PAGE }));
    for await (const invoice of pages) all.push(invoice);
    return all;
  }
}

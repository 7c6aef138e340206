import type { IncomingHttpHeaders } from 'node:http';
import type { PlanKey, Price } from '../catalogue/plan.js';
import type { Money } from '../money/money.js';
import type { Locale } from '../../core/i18n/locales.js';
import type { CustomerState, ProviderInvoice } from './customer-state.js';

export const PROVIDER_NAMES = ['sandbox', 'stripe', 'manual'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/**
 * Whoever takes the money. Each adapter passes the same contract suite.
 *
 * Every call goes out of the process: it is never made inside a unit of work. Calls that change something
 * carry a key of idempotency and may be repeated. All of them throw `ProviderUnavailable` where the provider
 * does not answer, is too slow or limits the rate, and `ProviderRefused` where it says no.
 */
export interface PaymentProvider {
  readonly name: ProviderName;
  /** Whether this is real money: a notification of the other mode is refused. */
  readonly isLive: boolean;

  /**
   * The customer of an organisation, the same one however often it is called: made where there is none yet,
   * and brought up to date with the details.
   */
  ensureCustomer(customer: CustomerDetails): Promise<string>;
  startCheckout(order: CheckoutOrder): Promise<HostedCheckout>;
  /** The checkout can no longer be paid. Nothing happens where it is over already. */
  abandonCheckout(checkoutId: string): Promise<void>;
  /** A page of the provider, good for a short while: payment methods, billing details, invoices. */
  portalUrl(customerId: string, options: PortalOptions): Promise<string>;

  /** Everything about the customer, anew; null where the provider has no such customer. */
  fetchCustomerState(customerId: string): Promise<CustomerState | null>;
  /** The customer's invoices, newest first. */
  invoices(customerId: string): Promise<readonly ProviderInvoice[]>;

  /** What `changePlan` or `setSeats` would cost now; changes nothing. */
  previewChange(change: SubscriptionChange): Promise<ChangePreview>;
  changePlan(change: SubscriptionChange): Promise<void>;
  setSeats(change: SeatChange): Promise<void>;
  /** At the end of the period, or of the trial. */
  cancel(subscriptionId: string): Promise<void>;
  /** Takes `cancel` back while the period lasts. */
  resume(subscriptionId: string): Promise<void>;
  /** Ends at once, and gives back what was paid for it: the second of two that were bought at once. */
  cancelAndRefund(subscriptionId: string): Promise<void>;
  /** Until then the trial lasts. */
  extendTrial(subscriptionId: string, until: Date): Promise<void>;

  /**
   * What a notification is about. Its content beyond that is never trusted.
   * @param rawBody the bytes as they came: the signature is over them
   * @throws NotificationRefused
   */
  parseNotification(rawBody: Buffer, headers: IncomingHttpHeaders): Promise<ProviderNotification>;
  /** The customer an object belongs to, where the notification names none; null where there is none. */
  customerOf(notification: ProviderNotification): Promise<string | null>;

  /** Customers the provider knows, page by page: for reconciliation. */
  customers(): AsyncIterable<{ customerId: string; tenantId: string | null }>;
  /** Notifications the provider could not deliver since then: for reconciliation. */
  undelivered(since: Date): AsyncIterable<ProviderNotification>;
  /** The prices the provider sells by lookup key: `billing-check` compares them with the catalogue. */
  prices(): Promise<readonly ProviderPrice[]>;
}

export interface CustomerDetails {
  tenantId: string;
  /** 1–200 characters. */
  name: string;
  /** Where invoices go. */
  email: string;
  locale: Locale;
  /** ISO 3166-1 alpha-2; null where it is not known. */
  country: string | null;
  /** With its country's prefix, such as `BE0403170701`; null where there is none. */
  vatNumber: string | null;
  /** Absent: what the provider knows of it stays. */
  address?: PostalAddress;
}

/** Where the customer is, and what its accounts department wants to find on invoices. */
export interface PostalAddress {
  street: string;
  postalCode: string;
  city: string;
  purchaseOrder: string | null;
}

export interface CheckoutOrder {
  /** Our id: comes back in `ProviderSubscription.checkoutId`, and is the key of idempotency. */
  checkoutId: string;
  tenantId: string;
  customerId: string;
  price: Price;
  /** At least 1; 1 for a flat plan. */
  seats: number;
  /** 0: none, also for those who had one. */
  trialDays: number;
  locale: Locale;
  /** Where the customer comes back to; neither of them grants anything. */
  successUrl: string;
  cancelUrl: string;
}

export interface HostedCheckout {
  /** The provider's id. */
  id: string;
  url: string;
  expiresAt: Date;
}

export interface PortalOptions {
  returnUrl: string;
  locale: Locale;
}

export interface SubscriptionChange {
  subscriptionId: string;
  price: Price;
  seats: number;
  /** One more with each change of this subscription: part of the key of idempotency. */
  revision: number;
}

export interface SeatChange {
  subscriptionId: string;
  seats: number;
  revision: number;
}

/** What a change costs, without VAT where the provider tells it apart. */
export interface ChangePreview {
  /** To be paid now for the rest of the period; negative: a credit towards the next invoice. */
  now: Money;
  /** Of the next whole period. */
  next: Money;
  nextAt: Date;
  /** VAT that comes on top of `now`; null where it is not known before the invoice. */
  vat: Money | null;
}

/** A notification reduced to what may be believed: that something about an object has changed. */
export interface ProviderNotification {
  /** Of the provider, once per happening: the ledger has each once. */
  eventId: string;
  /** The provider's word, such as `invoice.paid`. */
  type: string;
  objectId: string;
  /** Null where the notification does not say; then `customerOf` is asked. */
  customerId: string | null;
  isLive: boolean;
  createdAt: Date;
}

export interface ProviderPrice {
  lookupKey: string;
  planKey: PlanKey | null;
  unitPrice: Money;
  interval: Price['interval'];
  isActive: boolean;
}

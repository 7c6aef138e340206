import type { BillingInterval } from '../catalogue/plan.js';
import type { Money } from '../money/money.js';
import type { SubscriptionStatus } from './subscription-status.js';

/** All that a provider knows of one customer at one moment: what our rows are made of. */
export interface CustomerState {
  /** The provider's id of the customer. */
  customerId: string;
  /** The organisation it was made for, as the provider keeps it; null where it keeps none. */
  tenantId: string | null;
  /** Deleted at the provider: its subscriptions are over. */
  isDeleted: boolean;
  paymentMethod: PaymentMethodState;
  /** Newest first, those that ended included. */
  subscriptions: readonly ProviderSubscription[];
  /** Newest first: those that are open, and at least the last 24. */
  invoices: readonly ProviderInvoice[];
  /** Read before the provider was asked: an older state never overwrites a newer one. */
  fetchedAt: Date;
}

/** What the customer pays with. `card_failed`: the last attempt with it was refused. */
export interface PaymentMethodState {
  kind: 'none' | 'known' | 'card_failed';
  /** What people recognise it by, such as `Visa •••• 4242`; null where there is none. */
  label: string | null;
}

export interface ProviderSubscription {
  id: string;
  status: SubscriptionStatus;
  /** The provider's word, for staff: `unknown` hides it. */
  rawStatus: string;
  /** The price, by the lookup key of the catalogue; null for a price that we did not make. */
  priceKey: string | null;
  interval: BillingInterval;
  quantity: number;
  /** What one seat, or the whole of a flat plan, costs in a period, without VAT. */
  unitPrice: Money;
  startedAt: Date;
  /** Of the item, not of the subscription: Stripe keeps periods there. */
  currentPeriodStart: Date;
  currentPeriodEnd: Date;
  trialEndsAt: Date | null;
  /** Ends with the current period, or at that time. */
  cancelAt: Date | null;
  canceledAt: Date | null;
  endedAt: Date | null;
  /** Since when a payment is due; null where none is. Grace is counted from here. */
  pastDueSince: Date | null;
  /** Where the payer confirms a payment (3-D Secure); null where nothing waits for that. */
  confirmationUrl: string | null;
  /** Our checkout it was bought in, as the provider keeps it. */
  checkoutId: string | null;
}

export const INVOICE_STATUSES = ['draft', 'open', 'paid', 'uncollectible', 'void'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export interface ProviderInvoice {
  id: string;
  /** As printed on it; null for a draft. */
  number: string | null;
  subscriptionId: string | null;
  status: InvoiceStatus;
  issuedAt: Date | null;
  dueAt: Date | null;
  paidAt: Date | null;
  currency: string;
  /** Minor units of `currency`. `net + vat = total`. */
  net: bigint;
  vat: bigint;
  total: bigint;
  /** What was paid of it so far. */
  paid: bigint;
  /** How often a payment was tried. */
  attempts: number;
  nextAttemptAt: Date | null;
  /** Where the customer sees and pays it, and its PDF; null where there is none. */
  hostedUrl: string | null;
  pdfUrl: string | null;
  lines: readonly ProviderInvoiceLine[];
}

export interface ProviderInvoiceLine {
  description: string;
  quantity: number;
  /** Minor units of the invoice's currency, without VAT. */
  net: bigint;
  vat: bigint;
  /** Hundredths of a percent: 2100 is 21 %. Null where the provider tells none. */
  vatRate: number | null;
  /** UNCL 5305: `S` standard rate, `AE` reverse charge, `O` outside scope; null where unknown. */
  vatCategory: 'S' | 'AE' | 'O' | null;
  periodStart: Date | null;
  periodEnd: Date | null;
}

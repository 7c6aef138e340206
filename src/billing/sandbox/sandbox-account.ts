/** What the sandbox keeps of one customer: plain data, dates in ISO 8601, amounts in minor units as digits. */
export interface SandboxAccount {
  id: string;
  tenantId: string;
  name: string;
  email: string;
  country: string | null;
  vatNumber: string | null;
  card: SandboxCard | null;
  subscriptions: SandboxSubscription[];
  invoices: SandboxInvoice[];
}

/** `good` pays, `failing` is refused, `confirming` pays once the payer has confirmed (3-D Secure). */
export const SANDBOX_CARDS = ['good', 'failing', 'confirming'] as const;
export type SandboxCard = (typeof SANDBOX_CARDS)[number];

export interface SandboxSubscription {
  id: string;
  status:
    | 'incomplete'
    | 'incomplete_expired'
    | 'trialing'
    | 'active'
    | 'past_due'
    | 'unpaid'
    | 'canceled';
  priceKey: string;
  interval: 'month' | 'year';
  unitAmount: string;
  currency: string;
  quantity: number;
  startedAt: string;
  periodStart: string;
  periodEnd: string;
  trialEndsAt: string | null;
  cancelsAtPeriodEnd: boolean;
  canceledAt: string | null;
  endedAt: string | null;
  pastDueSince: string | null;
  checkoutId: string | null;
  /** Keys of changes that were made: the same one twice is one. */
  changes: string[];
  /** What changes of the running period add to the next invoice. */
  pending: SandboxLine[];
}

export interface SandboxInvoice {
  id: string;
  number: string | null;
  subscriptionId: string;
  status: 'open' | 'paid' | 'uncollectible' | 'void';
  issuedAt: string;
  paidAt: string | null;
  attempts: number;
  nextAttemptAt: string | null;
  currency: string;
  lines: SandboxLine[];
}

export interface SandboxLine {
  description: string;
  quantity: number;
  net: string;
  vat: string;
  vatRate: number;
  vatCategory: 'S' | 'AE' | 'O';
  periodStart: string;
  periodEnd: string;
}

export interface SandboxCheckout {
  id: string;
  customerId: string;
  /** Ours. */
  checkoutId: string;
  priceKey: string;
  seats: number;
  trialDays: number;
  successUrl: string;
  cancelUrl: string;
  state: 'open' | 'paid' | 'abandoned';
  expiresAt: string;
}

/** Something happened to an object: what a notification tells. */
export interface SandboxEvent {
  type: string;
  objectId: string;
}

import type {
  CustomerState,
  ProviderInvoice,
  ProviderSubscription,
} from '../provider/customer-state.js';
import { readSubscriptionStatus } from '../provider/subscription-status.js';
import type { SandboxAccount, SandboxInvoice, SandboxSubscription } from './sandbox-account.js';
import { totalsOf } from './sandbox-amounts.js';

const LABELS = { good: 'Visa •••• 4242', failing: 'Visa •••• 0341', confirming: 'Visa •••• 3155' };

/** Where the pages of the sandbox are, and how far its clock is ahead, in milliseconds. */
export interface Viewpoint {
  base: string;
  ahead: number;
}

/**
 * What the sandbox keeps, in the words of the port. Its dates are told by our clock: after a journey of two
 * weeks, what fell due on the way was due up to two weeks ago.
 */
export function customerState(
  account: SandboxAccount,
  fetchedAt: Date,
  view: Viewpoint,
): CustomerState {
  const { card, invoices } = account;
  const isFailing =
    card !== null && invoices.some(({ status, attempts }) => status === 'open' && attempts > 0);
  return {
    customerId: account.id,
    tenantId: account.tenantId,
    isDeleted: false,
    paymentMethod: {
      kind: !card ? 'none' : isFailing ? 'card_failed' : 'known',
      label: card && LABELS[card],
    },
    subscriptions: account.subscriptions.map((one) => subscriptionState(account, one, view)),
    invoices: invoices.map((invoice) => invoiceState(invoice, view)),
    fetchedAt,
  };
}

function subscriptionState(
  account: SandboxAccount,
  one: SandboxSubscription,
  view: Viewpoint,
): ProviderSubscription {
  const date = (text: string) => byOurClock(text, view);
  const maybe = (text: string | null) => (text === null ? null : date(text));
  const waits =
    account.card === 'confirming' &&
    account.invoices.some(
      (invoice) => invoice.subscriptionId === one.id && invoice.status === 'open',
    );
  return {
    id: one.id,
    status: readSubscriptionStatus(one.status),
    rawStatus: one.status,
    priceKey: one.priceKey,
    interval: one.interval,
    quantity: one.quantity,
    unitPrice: { amount: BigInt(one.unitAmount), currency: one.currency },
    startedAt: date(one.startedAt),
    currentPeriodStart: date(one.periodStart),
    currentPeriodEnd: date(one.periodEnd),
    trialEndsAt: maybe(one.trialEndsAt),
    cancelAt: one.cancelsAtPeriodEnd ? date(one.periodEnd) : null,
    canceledAt: maybe(one.canceledAt),
    endedAt: maybe(one.endedAt),
    pastDueSince: maybe(one.pastDueSince),
    confirmationUrl: waits ? `${view.base}/dev/billing/portal/${account.id}/` : null,
    checkoutId: one.checkoutId,
  };
}

export function invoiceState(invoice: SandboxInvoice, view: Viewpoint): ProviderInvoice {
  const date = (text: string) => byOurClock(text, view);
  const maybe = (text: string | null) => (text === null ? null : date(text));
  const { net, vat } = totalsOf(invoice.lines);
  return {
    id: invoice.id,
    number: invoice.number,
    subscriptionId: invoice.subscriptionId,
    status: invoice.status,
    issuedAt: date(invoice.issuedAt),
    dueAt: date(invoice.issuedAt),
    paidAt: maybe(invoice.paidAt),
    currency: invoice.currency,
    net,
    vat,
    total: net + vat,
    paid: invoice.status === 'paid' ? net + vat : 0n,
    attempts: invoice.attempts,
    nextAttemptAt: maybe(invoice.nextAttemptAt),
    hostedUrl: `${view.base}/dev/billing/invoice/${invoice.id}/`,
    pdfUrl: null,
    lines: invoice.lines.map((line) => ({
      description: line.description,
      quantity: line.quantity,
      net: BigInt(line.net),
      vat: BigInt(line.vat),
      vatRate: line.vatRate,
      vatCategory: line.vatCategory,
      periodStart: date(line.periodStart),
      periodEnd: date(line.periodEnd),
    })),
  };
}

export function byOurClock(text: string, { ahead }: Pick<Viewpoint, 'ahead'>): Date {
  return new Date(+new Date(text) - ahead);
}

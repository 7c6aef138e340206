import { priceOf } from '../catalogue/catalogue.js';
import type { IssuedInvoice } from '../invoices/issued-invoices.repository.js';
import type {
  InvoiceStatus,
  ProviderInvoice,
  ProviderSubscription,
} from '../provider/customer-state.js';
import { isTrialing, type ManualSubscription } from './manual-subscription.js';

/** @param today the day it is for the seller, ISO 8601 */
export function readSubscription(
  subscription: ManualSubscription,
  invoices: readonly IssuedInvoice[],
  { now, today }: { now: Date; today: string },
): ProviderSubscription {
  const pastDueSince = subscription.endedAt ? null : dueSince(subscription, invoices, today);
  const status = statusOf(subscription, pastDueSince, now);
  const price = priceOf(subscription.priceKey);
  return {
    id: subscription.id,
    status,
    rawStatus: status,
    priceKey: subscription.priceKey,
    interval: price?.interval ?? 'month',
    quantity: subscription.seats,
    unitPrice: price?.unitPrice ?? { amount: 0n, currency: 'EUR' },
    startedAt: subscription.startedAt,
    currentPeriodStart: subscription.periodStart,
    currentPeriodEnd: subscription.periodEnd,
    trialEndsAt: subscription.trialEndsAt,
    cancelAt: subscription.cancelsAtPeriodEnd ? subscription.periodEnd : null,
    canceledAt: subscription.canceledAt,
    endedAt: subscription.endedAt,
    pastDueSince,
    confirmationUrl: null,
    checkoutId: null,
  };
}

function statusOf({ endedAt, ...rest }: ManualSubscription, pastDueSince: Date | null, now: Date) {
  if (endedAt) return 'canceled';
  if (isTrialing({ ...rest, endedAt }, now)) return 'trialing';
  return pastDueSince ? 'past_due' : 'active';
}

/** The day after the earliest due date that went by without a payment. */
function dueSince(
  { id }: ManualSubscription,
  invoices: readonly IssuedInvoice[],
  today: string,
): Date | null {
  const overdue = invoices
    .filter((it) => it.subscriptionId === id && isOpen(it) && it.document.dueOn < today)
    .map(({ document }) => document.dueOn)
    .sort();
  const [first] = overdue;
  return first === undefined ? null : new Date(Date.parse(first) + DAY);
}

const DAY = 86_400_000;

export function isOpen({ document, paidOn, isCredited }: IssuedInvoice): boolean {
  return document.kind === 'invoice' && paidOn === null && !isCredited;
}

/** A credit note counts as an invoice of a negative amount, which is settled. `url`: its page. */
export function readInvoice(invoice: IssuedInvoice, url: string): ProviderInvoice {
  const { id, document, paidOn, subscriptionId, issuedAt } = invoice;
  const status = invoiceStatus(invoice);
  const sign = document.kind === 'credit_note' ? -1n : 1n;
  const total = document.total * sign;
  return {
    id,
    number: document.number,
    subscriptionId,
    status,
    issuedAt,
    dueAt: new Date(document.dueOn),
    paidAt: paidOn === null ? null : new Date(paidOn),
    currency: document.currency,
    net: document.net * sign,
    vat: document.vatTotal * sign,
    total,
    paid: status === 'paid' ? total : 0n,
    attempts: 0,
    nextAttemptAt: null,
    hostedUrl: url,
    pdfUrl: null,
    lines: vatOfLines(document).map(({ line, vat }) => ({
      description: line.description,
      quantity: line.quantity,
      net: line.net * sign,
      vat: vat * sign,
      vatRate: line.rate,
      vatCategory: line.category,
      periodStart: line.period ? new Date(line.period.from) : null,
      periodEnd: line.period ? new Date(line.period.to) : null,
    })),
  };
}

function invoiceStatus(invoice: IssuedInvoice): InvoiceStatus {
  if (invoice.document.kind === 'credit_note') return 'paid';
  if (invoice.paidOn !== null) return 'paid';
  return invoice.isCredited ? 'void' : 'open';
}

/** VAT is rounded once for each rate: what that leaves over is the last line's, so that lines add up to the total. */
function vatOfLines({ lines, vatTotal }: IssuedInvoice['document']) {
  let rest = vatTotal;
  return lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    const vat = isLast ? rest : (line.net * BigInt(line.rate)) / 10_000n;
    rest -= vat;
    return { line, vat };
  });
}

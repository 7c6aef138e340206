import { randomBytes } from 'node:crypto';
import type {
  SandboxAccount,
  SandboxEvent,
  SandboxInvoice,
  SandboxLine,
  SandboxSubscription,
} from './sandbox-account.js';
import { charged, totalsOf, untaxed } from './sandbox-amounts.js';

const DAY = 24 * 3600 * 1000;
/** After the first failure a payment is tried again after so many days, each time from the last try. */
const RETRIES = [3, 5, 7];
/** Days after which a first payment that nobody confirmed is given up. */
const INCOMPLETE_DAYS = 1;

/**
 * What time does to an account: trials end, periods are renewed, payments are tried (again), subscriptions end.
 * Changes the account and tells what happened, in order. Called again with the same time nothing happens.
 */
export function elapse(account: SandboxAccount, now: Date): SandboxEvent[] {
  const events: SandboxEvent[] = [];
  for (const subscription of account.subscriptions) {
    // Several periods may be over at once: at most ten years of months.
    for (let turn = 0; turn < 120; turn++) {
      const step = next(account, subscription, now);
      if (!step) break;
      events.push(...step());
    }
  }
  return events;
}

/** Starts what a checkout sold. With a card that asks for it, the first payment has to be confirmed. */
export function subscribe(
  account: SandboxAccount,
  sold: Pick<
    SandboxSubscription,
    'priceKey' | 'interval' | 'unitAmount' | 'currency' | 'quantity' | 'checkoutId'
  >,
  trialDays: number,
  now: Date,
): { subscription: SandboxSubscription; events: SandboxEvent[] } {
  const trialEnd = trialDays > 0 ? new Date(+now + trialDays * DAY) : null;
  const subscription: SandboxSubscription = {
    ...sold,
    id: newId('sub'),
    status: trialEnd ? 'trialing' : 'incomplete',
    startedAt: now.toISOString(),
    periodStart: now.toISOString(),
    periodEnd: (trialEnd ?? addInterval(now, sold.interval)).toISOString(),
    trialEndsAt: trialEnd?.toISOString() ?? null,
    cancelsAtPeriodEnd: false,
    canceledAt: null,
    endedAt: null,
    pastDueSince: null,
    changes: [],
    pending: [],
  };
  account.subscriptions.unshift(subscription);
  const events: SandboxEvent[] = [happened('customer.subscription.created', subscription)];
  if (!trialEnd) events.push(...bill(account, subscription, now));
  return { subscription, events };
}

/** Tries to pay what is open, with the card there is now. */
export function payOpen(account: SandboxAccount, now: Date, isConfirmed = false): SandboxEvent[] {
  return account.invoices
    .filter(({ status }) => status === 'open')
    .flatMap((invoice) => attempt(account, invoice, now, isConfirmed));
}

/** Ends a subscription now; what is open of it is not asked for any more. */
export function end(
  account: SandboxAccount,
  subscription: SandboxSubscription,
  now: Date,
): SandboxEvent[] {
  subscription.status = subscription.status === 'incomplete' ? 'incomplete_expired' : 'canceled';
  subscription.endedAt = now.toISOString();
  subscription.canceledAt ??= now.toISOString();
  subscription.pastDueSince = null;
  for (const invoice of account.invoices) {
    if (invoice.subscriptionId !== subscription.id || invoice.status !== 'open') continue;
    Object.assign(invoice, { status: 'void', nextAttemptAt: null });
  }
  return [happened('customer.subscription.deleted', subscription)];
}

function next(
  account: SandboxAccount,
  subscription: SandboxSubscription,
  now: Date,
): (() => SandboxEvent[]) | null {
  const { status, periodEnd, cancelsAtPeriodEnd, startedAt } = subscription;
  const isOver = new Date(periodEnd) <= now;
  switch (status) {
    case 'incomplete': {
      const until = new Date(+new Date(startedAt) + INCOMPLETE_DAYS * DAY);
      return until <= now ? () => end(account, subscription, until) : null;
    }
    case 'trialing':
    case 'active':
      if (!isOver) return null;
      if (cancelsAtPeriodEnd) return () => end(account, subscription, new Date(periodEnd));
      return () => renew(account, subscription);
    case 'past_due': {
      const due = account.invoices.find(
        ({ subscriptionId, status: state, nextAttemptAt }) =>
          subscriptionId === subscription.id &&
          state === 'open' &&
          nextAttemptAt !== null &&
          new Date(nextAttemptAt) <= now,
      );
      return due?.nextAttemptAt ? () => attempt(account, due, new Date(due.nextAttemptAt!)) : null;
    }
    default:
      return null;
  }
}

function renew(account: SandboxAccount, subscription: SandboxSubscription): SandboxEvent[] {
  const start = new Date(subscription.periodEnd);
  subscription.periodStart = start.toISOString();
  subscription.periodEnd = addInterval(start, subscription.interval).toISOString();
  return bill(account, subscription, start);
}

/** An invoice for the period that begins, which is paid at once where the card allows it. */
function bill(
  account: SandboxAccount,
  subscription: SandboxSubscription,
  at: Date,
): SandboxEvent[] {
  const lines = charged(account, [...subscription.pending, lineFor(subscription)], at);
  subscription.pending = [];
  const invoice: SandboxInvoice = {
    id: newId('in'),
    number: `SANDBOX-${at.getUTCFullYear()}-${newId('n').slice(2, 10).toUpperCase()}`,
    subscriptionId: subscription.id,
    status: 'open',
    issuedAt: at.toISOString(),
    paidAt: null,
    attempts: 0,
    nextAttemptAt: null,
    currency: subscription.currency,
    lines,
  };
  account.invoices.unshift(invoice);
  return [happened('invoice.finalized', invoice), ...attempt(account, invoice, at)];
}

function attempt(
  account: SandboxAccount,
  invoice: SandboxInvoice,
  at: Date,
  isConfirmed = false,
): SandboxEvent[] {
  const subscription = account.subscriptions.find(({ id }) => id === invoice.subscriptionId)!;
  const pays = account.card === 'good' || (account.card === 'confirming' && isConfirmed);
  if (pays || totalsOf(invoice.lines).net <= 0n) return settle(subscription, invoice, at);
  invoice.attempts += 1;
  const wait = RETRIES[invoice.attempts - 1];
  invoice.nextAttemptAt = wait ? new Date(+at + wait * DAY).toISOString() : null;
  const failed = happened(
    account.card === 'confirming' ? 'invoice.payment_action_required' : 'invoice.payment_failed',
    invoice,
  );
  if (subscription.status === 'incomplete') return [failed];
  subscription.pastDueSince ??= at.toISOString();
  subscription.status = wait ? 'past_due' : 'unpaid';
  return [failed, happened('customer.subscription.updated', subscription)];
}

function settle(
  subscription: SandboxSubscription,
  invoice: SandboxInvoice,
  at: Date,
): SandboxEvent[] {
  Object.assign(invoice, { status: 'paid', paidAt: at.toISOString(), nextAttemptAt: null });
  if (subscription.endedAt === null) {
    subscription.status = 'active';
    subscription.pastDueSince = null;
  }
  return [
    happened('invoice.paid', invoice),
    happened('customer.subscription.updated', subscription),
  ];
}

function lineFor(subscription: SandboxSubscription): SandboxLine {
  const { priceKey: description, quantity, unitAmount, periodStart, periodEnd } = subscription;
  const net = (BigInt(unitAmount) * BigInt(quantity)).toString();
  return untaxed({ description, quantity, net, periodStart, periodEnd });
}

export function happened(type: string, { id }: { id: string }): SandboxEvent {
  return { type, objectId: id };
}

export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

/** The same day of the next month or year; its last day where there is none (31 January, one month). */
export function addInterval(from: Date, interval: 'month' | 'year'): Date {
  const months = interval === 'month' ? 1 : 12;
  const day = from.getUTCDate();
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(day, last));
  return to;
}

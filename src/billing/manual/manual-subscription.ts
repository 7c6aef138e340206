import type { BillingInterval, Price } from '../catalogue/plan.js';
import { divideHalfAway } from '../tax/vat-amount.js';

/** What staff agree on with a customer. */
export interface Agreement {
  price: Price;
  seats: number;
  /** 0: none. */
  trialDays: number;
  /** Days the customer has to pay an invoice, 0–365. */
  paymentDays: number;
  /** The first day that is paid, instead of now: an earlier one begins the period, a later one ends a trial. */
  paidFrom?: Date;
}

/** A subscription that staff sold, as our books have it. */
export interface ManualSubscription {
  id: string;
  tenantId: string;
  priceKey: string;
  seats: number;
  paymentDays: number;
  startedAt: Date;
  periodStart: Date;
  periodEnd: Date;
  trialEndsAt: Date | null;
  cancelsAtPeriodEnd: boolean;
  canceledAt: Date | null;
  endedAt: Date | null;
  /** Of the last change: an older one, or the same again, changes nothing. */
  revision: number;
  /** Seats that were added within a period: they are on the next invoice. */
  pending: readonly AddedSeats[];
}

export interface AddedSeats {
  seats: number;
  /** Of one seat for the rest of the period; minor units as text, since JSON has floats only. */
  unitPrice: string;
  /** Days, ISO 8601. */
  from: string;
  to: string;
}

export function isTrialing({ trialEndsAt }: ManualSubscription, now: Date): boolean {
  return trialEndsAt !== null && trialEndsAt > now;
}

/** The same day of the next month or year; its last day where there is no such day (31 January → 28 February). */
export function afterInterval(start: Date, interval: BillingInterval): Date {
  const end = new Date(start);
  const day = start.getUTCDate();
  end.setUTCDate(1);
  if (interval === 'year') end.setUTCFullYear(end.getUTCFullYear() + 1);
  else end.setUTCMonth(end.getUTCMonth() + 1);
  const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(day, last));
  return end;
}

/** The part of an amount that the rest of the running period is worth, to the second. */
export function restOf(
  amount: bigint,
  { periodStart, periodEnd }: Pick<ManualSubscription, 'periodStart' | 'periodEnd'>,
  now: Date,
): bigint {
  const seconds = (from: Date, to: Date) => BigInt(Math.max(0, Math.floor((+to - +from) / 1000)));
  const whole = seconds(periodStart, periodEnd);
  const rest = seconds(now, periodEnd);
  return whole === 0n ? 0n : divideHalfAway(amount * (rest > whole ? whole : rest), whole);
}

export function totalOf({ unitPrice, per }: Price, seats: number): bigint {
  return per === 'seat' ? unitPrice.amount * BigInt(seats) : unitPrice.amount;
}

/**
 * What is asked at once for a change of plan: the new plan, without what was paid already. Never negative: money
 * goes back by a credit note only, which staff decide on.
 */
export function priceOfChange(
  subscription: ManualSubscription,
  { before, after, seats }: { before: Price; after: Price; seats: number },
  now: Date,
): bigint {
  if (isTrialing(subscription, now)) return 0n;
  const paid = restOf(totalOf(before, subscription.seats), subscription, now);
  const total = totalOf(after, seats);
  const asked = before.interval === after.interval ? restOf(total, subscription, now) : total;
  return asked > paid ? asked - paid : 0n;
}

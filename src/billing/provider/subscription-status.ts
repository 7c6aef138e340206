/**
 * What a provider says about a subscription, in the words of Stripe, which the other adapters use too.
 * The list of a provider is open: a word that is not in ours is read as `unknown`, which changes nothing.
 */
export const SUBSCRIPTION_STATUSES = [
  'trialing',
  'active',
  'past_due',
  'incomplete',
  'incomplete_expired',
  'canceled',
  'unpaid',
  'paused',
  'unknown',
] as const;

export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** Statuses after which a subscription never lives again. */
const ENDED: ReadonlySet<SubscriptionStatus> = new Set(['canceled', 'incomplete_expired']);

/** Statuses in which another number of seats can be paid for. */
const SEATS_CHANGE: ReadonlySet<SubscriptionStatus> = new Set(['trialing', 'active', 'past_due']);

export function isSeatChangeable(status: SubscriptionStatus): boolean {
  return SEATS_CHANGE.has(status);
}

export function readSubscriptionStatus(word: string): SubscriptionStatus {
  return SUBSCRIPTION_STATUSES.find((status) => status === word) ?? 'unknown';
}

/** Whether the subscription is over for good. An organisation has at most one that is not. */
export function isEnded(status: SubscriptionStatus): boolean {
  return ENDED.has(status);
}

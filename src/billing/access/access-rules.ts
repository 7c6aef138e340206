import type { SubscriptionStatus } from '../provider/subscription-status.js';

/**
 * What the status of a subscription means for the organisation:
 * - `plan`: what it bought
 * - `grace`: what it bought until the grace ends, then read-only
 * - `free`: the plan Free; what is over its limits is read-only, and nothing is deleted
 * - `read_only`: what it bought can be looked at, exported, cleaned up and paid
 * - `unchanged`: what held before
 */
export type AccessRule = 'plan' | 'grace' | 'free' | 'read_only' | 'unchanged';

/** Exhaustive: a status that is added does not compile without its rule. */
const RULES: Readonly<Record<SubscriptionStatus | 'none', AccessRule>> = {
  none: 'free',
  trialing: 'plan',
  active: 'plan',
  past_due: 'grace',
  incomplete: 'unchanged',
  incomplete_expired: 'free',
  canceled: 'free',
  unpaid: 'read_only',
  paused: 'read_only',
  // The provider has a word that we have not: nobody is locked out for that, and staff are told.
  unknown: 'unchanged',
};

export function accessRuleOf(status: SubscriptionStatus | 'none'): AccessRule {
  return RULES[status];
}

/** Whether staff have to look at it. */
export function isAlarming(status: SubscriptionStatus | 'none'): boolean {
  return status === 'unknown';
}

import type { TenantPlan } from '../../core/entitlements/tenant-plan.js';
import { priceOf } from '../catalogue/catalogue.js';
import type { CustomerState, ProviderSubscription } from '../provider/customer-state.js';
import { isEnded } from '../provider/subscription-status.js';
import { accessRuleOf } from './access-rules.js';

const DAY = 24 * 3600 * 1000;

/**
 * The subscription that counts: the oldest that lives and was paid, else the oldest that lives. Any other that
 * lives beside it was bought at the same time and is given back.
 */
export function liveSubscription({ subscriptions }: CustomerState): ProviderSubscription | null {
  const living = subscriptions
    .filter(({ status }) => !isEnded(status))
    .sort(
      (one, other) =>
        rank(one) - rank(other) ||
        +one.startedAt - +other.startedAt ||
        (one.id < other.id ? -1 : 1),
    );
  return living[0] ?? null;
}

/** Live subscriptions beside the one that counts. Those that were never paid end by themselves. */
export function duplicates(state: CustomerState): ProviderSubscription[] {
  const kept = liveSubscription(state);
  return state.subscriptions.filter(
    (one) => one.id !== kept?.id && !isEnded(one.status) && one.status !== 'incomplete',
  );
}

/**
 * What follows for the organisation. `over_limit` is not known here: whether a plan that was left is exceeded
 * is counted by the caller.
 * @param before what holds now
 */
export function projectionOf(
  state: CustomerState,
  before: TenantPlan,
  graceDays: number,
): TenantPlan {
  const { overrides } = before;
  const live = state.isDeleted ? null : liveSubscription(state);
  // One that waits for its first payment gives nothing, and takes nothing: before it there was none.
  if (!live || live.status === 'incomplete') return { ...FREE_PLAN, overrides };
  const plan = { ...bought(live, before), overrides };
  switch (accessRuleOf(live.status)) {
    case 'unchanged':
      return before;
    case 'free':
      return { ...FREE_PLAN, overrides };
    case 'plan':
      return { ...plan, ...running(live, state) };
    case 'grace':
      return {
        ...plan,
        accessState: 'grace',
        accessUntil: graceEnd(live, state, before, graceDays),
      };
    case 'read_only':
      return { ...plan, accessState: 'read_only', accessUntil: null };
  }
}

/** Where a card is known nothing ends with the trial, so nobody is warned of its end. */
function running({ status, trialEndsAt }: ProviderSubscription, { paymentMethod }: CustomerState) {
  if (status !== 'trialing') return { accessState: 'full', accessUntil: null } as const;
  const accessUntil = paymentMethod.kind === 'known' ? null : trialEndsAt;
  return { accessState: 'trial', accessUntil } as const;
}

/** Counted from the day the payment was due; where the provider does not tell it, from when we first heard. */
function graceEnd(
  { pastDueSince }: ProviderSubscription,
  { fetchedAt }: CustomerState,
  before: TenantPlan,
  graceDays: number,
): Date {
  if (!pastDueSince && before.accessState === 'grace' && before.accessUntil) {
    return before.accessUntil;
  }
  return new Date(+(pastDueSince ?? fetchedAt) + graceDays * DAY);
}

const FREE_PLAN = {
  accessState: 'free',
  accessUntil: null,
  planKey: null,
  planVersion: null,
  seats: null,
} as const;

/** A price that the catalogue never had leaves the plan as it was: somebody has to look at it. */
function bought({ priceKey, quantity }: ProviderSubscription, before: TenantPlan) {
  const price = priceKey ? priceOf(priceKey) : null;
  return {
    planKey: price?.plan ?? before.planKey,
    planVersion: price?.version ?? before.planVersion,
    seats: price?.per === 'organisation' ? null : quantity,
  };
}

/** Paid ones before those that wait for their first payment. */
function rank({ status }: ProviderSubscription): number {
  return status === 'incomplete' ? 1 : 0;
}

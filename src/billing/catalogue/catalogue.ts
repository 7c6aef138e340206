import { PLANS } from './plans.js';
import { PLAN_KEYS, type BillingInterval, type Plan, type PlanKey, type Price } from './plan.js';

/** The plan of whoever bought none. */
export const FREE: Plan = planForSale('free');

/** The version of a plan that is for sale. */
export function planForSale(key: PlanKey): Plan {
  const versions = PLANS.filter((plan) => plan.key === key);
  const newest = versions.reduce<Plan | null>(
    (best, plan) => (best && best.version > plan.version ? best : plan),
    null,
  );
  if (!newest) throw new Error(`The catalogue has no plan ${key}`);
  return newest;
}

/** What is for sale, cheapest first. */
export function plansForSale(): Plan[] {
  return PLAN_KEYS.map(planForSale);
}

/** The version an organisation bought; null where the catalogue never had it. */
export function planOf(key: string, version: number): Plan | null {
  return PLANS.find((plan) => plan.key === key && plan.version === version) ?? null;
}

/** A price that is, or was, sold; null where the catalogue never had it. */
export function priceOf(key: string): Price | null {
  return PLANS.flatMap(({ prices }) => prices).find((price) => price.key === key) ?? null;
}

/** The price a plan is sold at; null where it has none in that interval and currency. */
export function priceForSale(
  plan: PlanKey,
  interval: BillingInterval,
  currency = 'EUR',
): Price | null {
  const { prices } = planForSale(plan);
  return (
    prices.find((price) => price.interval === interval && price.unitPrice.currency === currency) ??
    null
  );
}

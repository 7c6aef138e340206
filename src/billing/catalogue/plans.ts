import type { LimitName } from '../../core/features/names.js';
import { merged } from '../../core/features/registry.js';
import type { BillingInterval, Plan, PlanKey, Price } from './plan.js';

/**
 * Everything that is, or was, sold: the newest version of a plan is for sale, the others are kept for whoever
 * bought them. Texts are `billing.plans.<key>`.
 */
export const PLANS: readonly Plan[] = [
  {
    key: 'free',
    version: 1,
    prices: [],
    trialDays: 0,
    entitlements: [],
    // It is never sold, so that it may change with the features.
    get limits() {
      return freeLimits();
    },
  },
  {
    key: 'team',
    version: 1,
    prices: perSeat('team', 1, { month: 12_00n, year: 120_00n }),
    trialDays: 14,
    entitlements: ['api_keys'],
    limits: {},
  },
  {
    key: 'business',
    version: 1,
    prices: perSeat('business', 1, { month: 24_00n, year: 240_00n }),
    trialDays: 0,
    entitlements: ['api_keys'],
    limits: {},
  },
];

function freeLimits(): Plan['limits'] {
  return Object.fromEntries(
    [...merged('limits')].map(([name, { free }]) => [name as LimitName, free]),
  );
}

/** Prices of one seat in euro, by interval. */
function perSeat(
  plan: PlanKey,
  version: number,
  amounts: Readonly<Record<BillingInterval, bigint>>,
): Price[] {
  return (['month', 'year'] as const).map((interval) => ({
    key: `${plan}_v${version}_${interval}_eur`,
    plan,
    version,
    interval,
    unitPrice: { amount: amounts[interval], currency: 'EUR' },
    per: 'seat',
  }));
}

import type { EntitlementName, LimitName } from '../../core/features/names.js';
import type { Money } from '../money/money.js';

export const PLAN_KEYS = ['free', 'team', 'business'] as const;
export type PlanKey = (typeof PLAN_KEYS)[number];

export const BILLING_INTERVALS = ['month', 'year'] as const;
export type BillingInterval = (typeof BILLING_INTERVALS)[number];

/** What a plan costs in one currency and interval. */
export interface Price {
  /** Names it at the provider (Stripe: lookup key), such as `team_v1_month_eur`. Never used for another amount. */
  key: string;
  plan: PlanKey;
  version: number;
  interval: BillingInterval;
  /** Without VAT: for one seat, or for all of it. */
  unitPrice: Money;
  per: 'seat' | 'organisation';
}

/**
 * One version of a plan. A version that was sold never changes: an organisation keeps the one it bought, and
 * another content is another version.
 */
export interface Plan {
  key: PlanKey;
  version: number;
  prices: readonly Price[];
  /** 0: none. */
  trialDays: number;
  /** Features beyond those of every plan. */
  entitlements: readonly EntitlementName[];
  /** The most there may be; a limit that is not named has no end. */
  limits: Readonly<Partial<Record<LimitName, number>>>;
}

import type { LimitName } from '../../core/features/names.js';
import { merged } from '../../core/features/registry.js';
import type { Locale } from '../../core/i18n/locales.js';
import { plansForSale } from '../catalogue/catalogue.js';
import type { BillingInterval, Plan, Price } from '../catalogue/plan.js';
import { moneyText } from '../money/format-money.js';

/**
 * The plans that are for sale, as cards beside each other, priced by the month or by the year. Texts of what
 * they include: `billing.includes.<limit>`, `<limit>_unlimited` and `<entitlement>`.
 */
export function presentPlans(interval: BillingInterval, locale: Locale) {
  const plans = plansForSale();
  return {
    interval,
    saving: Math.max(0, ...plans.map(savingOf)),
    plans: plans.map((plan) => presentPlan(plan, interval, locale)),
  };
}

function presentPlan(plan: Plan, interval: BillingInterval, locale: Locale) {
  const { key, trialDays, limits, entitlements } = plan;
  const price = priceIn(plan, interval);
  return {
    key,
    trialDays,
    price: monthly(price, interval, locale),
    perSeat: price?.per === 'seat',
    /** What is paid in a year; null where it is paid by the month, or nothing is. */
    yearly: price && interval === 'year' ? moneyText(price.unitPrice, locale) : null,
    includes: [
      ...limitNames().map((limit) => {
        const max = limits[limit];
        return max === undefined
          ? { text: `${limit}_unlimited`, count: null }
          : { text: limit, count: max };
      }),
      ...entitlements.map((text) => ({ text, count: null })),
    ],
  };
}

/** In the order of the features that declare them. */
function limitNames(): LimitName[] {
  return [...merged('limits').keys()] as LimitName[];
}

/** What a month costs: of a year, a twelfth. */
function monthly(price: Price | null, interval: BillingInterval, locale: Locale): string {
  if (!price) return moneyText({ amount: 0n, currency: 'EUR' }, locale);
  const { amount, currency } = price.unitPrice;
  return moneyText({ amount: interval === 'year' ? amount / 12n : amount, currency }, locale);
}

/** Percent that a year is cheaper than twelve months. */
function savingOf(plan: Plan): number {
  const [month, year] = [priceIn(plan, 'month'), priceIn(plan, 'year')];
  if (!month || !year) return 0;
  const twelve = month.unitPrice.amount * 12n;
  return Number(((twelve - year.unitPrice.amount) * 100n) / twelve);
}

function priceIn({ prices }: Plan, interval: BillingInterval): Price | null {
  return prices.find((price) => price.interval === interval) ?? null;
}

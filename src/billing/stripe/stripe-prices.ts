import type Stripe from 'stripe';
import { priceOf } from '../catalogue/catalogue.js';
import { BILLING_INTERVALS } from '../catalogue/plan.js';
import type { ProviderPrice } from '../provider/payment-provider.js';
import { ProviderRefused } from '../provider/provider-errors.js';
import type { StripeClient } from './stripe-client.js';
import { moneyOf } from './stripe-values.js';

/** Prices of the catalogue are found at Stripe by their lookup key. @throws ProviderRefused `not_found` */
export async function findPriceId(client: StripeClient, key: string): Promise<string> {
  const { data } = await client.call((stripe) =>
    stripe.prices.list({ lookup_keys: [key], active: true, limit: 1 }),
  );
  const [price] = data;
  if (!price) throw new ProviderRefused('not_found', `Stripe has no active price ${key}`);
  return price.id;
}

/** Those that have a lookup key and recur, active or not. */
export async function listPrices(client: StripeClient): Promise<ProviderPrice[]> {
  const prices: ProviderPrice[] = [];
  for await (const price of client.each((stripe) => stripe.prices.list({ limit: 100 }))) {
    const read = readPrice(price);
    if (read) prices.push(read);
  }
  return prices;
}

function readPrice(price: Stripe.Price): ProviderPrice | null {
  const { lookup_key: lookupKey, unit_amount: amount, recurring } = price;
  // Of another count than one (each quarter, each two years) there is none in the catalogue.
  const interval = BILLING_INTERVALS.find((it) => it === recurring?.interval);
  if (lookupKey === null || amount === null || !interval || recurring?.interval_count !== 1) {
    return null;
  }
  return {
    lookupKey,
    planKey: priceOf(lookupKey)?.plan ?? null,
    unitPrice: moneyOf(amount, price.currency),
    interval,
    isActive: price.active,
  };
}

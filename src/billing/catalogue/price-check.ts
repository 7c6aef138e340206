import type { ProviderPrice } from '../provider/payment-provider.js';
import type { Price } from './plan.js';
import { plansForSale } from './catalogue.js';

/** What the provider would ask for a plan is not what the catalogue says. */
export class PricesDiffer extends Error {
  constructor(readonly differences: readonly string[]) {
    super(`The prices of the provider are not those of the catalogue:\n${differences.join('\n')}`);
    this.name = 'PricesDiffer';
  }
}

/**
 * Compares what is for sale with the provider's prices, by lookup key: a line for each that is missing, is not
 * active, or asks for another amount, currency or interval. Prices of the provider's that are not for sale here
 * are no difference.
 */
export function priceDifferences(
  atProvider: readonly ProviderPrice[],
  forSale: readonly Price[] = plansForSale().flatMap(({ prices }) => prices),
): string[] {
  return forSale.flatMap((price) => {
    const all = atProvider.filter(({ lookupKey }) => lookupKey === price.key);
    const found = all.find(({ isActive }) => isActive);
    if (found) return differs(price, found);
    return [
      `  ${price.key}: ${all.length > 0 ? 'is not active' : 'does not exist'} at the provider`,
    ];
  });
}

function differs(price: Price, found: ProviderPrice): string[] {
  const [wanted, asked] = [told(price), told(found)];
  return wanted === asked
    ? []
    : [`  ${price.key}: ${wanted} in the catalogue, ${asked} at the provider`];
}

/** In minor units: what operators see in the settings of a provider may be rounded. */
function told({ unitPrice, interval }: Pick<Price, 'unitPrice' | 'interval'>): string {
  return `${unitPrice.amount} ${unitPrice.currency} each ${interval}`;
}

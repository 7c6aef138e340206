import { PLANS } from '../../src/billing/catalogue/plans.js';
import { PricesDiffer, priceDifferences } from '../../src/billing/catalogue/price-check.js';
import type { ProviderPrice } from '../../src/billing/provider/payment-provider.js';

const right = PLANS.flatMap(({ prices }) => prices).map(
  ({ key, plan, unitPrice, interval }): ProviderPrice => ({
    lookupKey: key,
    planKey: plan,
    unitPrice,
    interval,
    isActive: true,
  }),
);
const [first, ...rest] = right as [ProviderPrice, ...ProviderPrice[]];

test('a provider that asks what the catalogue says is right, whatever else it sells', () => {
  const other = { ...first, lookupKey: 'mug', planKey: null };
  expect(priceDifferences([...right, other])).toEqual([]);
});

test.each<[string, ProviderPrice[], string]>([
  ['has no such price', [], 'team_v1_month_eur: does not exist at the provider'],
  ['has archived it', [{ ...first, isActive: false }], 'team_v1_month_eur: is not active'],
  [
    'asks for more',
    [{ ...first, unitPrice: { amount: 1300n, currency: 'EUR' } }],
    'team_v1_month_eur: 1200 EUR each month in the catalogue, 1300 EUR each month at the provider',
  ],
  [
    'asks in another currency',
    [{ ...first, unitPrice: { amount: 1200n, currency: 'USD' } }],
    '1200 USD each month at the provider',
  ],
  ['asks each year', [{ ...first, interval: 'year' }], '1200 EUR each year at the provider'],
])('a provider that %s is named with the price', (_, given, message) => {
  const differences = priceDifferences([...given, ...rest]);
  expect(differences).toHaveLength(1);
  expect(new PricesDiffer(differences).message).toContain(message);
});

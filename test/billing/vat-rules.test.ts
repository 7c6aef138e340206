import { isInEu } from '../../src/billing/tax/eu-countries.js';
import { divideHalfAway, vatBreakdown, vatOn } from '../../src/billing/tax/vat-amount.js';
import { readVatNumber } from '../../src/billing/tax/vat-number/vat-number.js';
import { vatFor } from '../../src/billing/tax/vat-rules.js';

const DAY = '2026-11-27';
const dutch = readVatNumber('NL004495445B01', 'NL');
const belgian = readVatNumber('BE0403170701', 'BE');

test('a Belgian seller charges 21 % in Belgium, to businesses too', () => {
  expect(vatFor({ country: 'BE', vatNumber: belgian }, 'BE', DAY)).toEqual({
    category: 'S',
    rate: 2100,
    reason: 'domestic',
  });
});

test('a business of another country of the Union accounts for the VAT itself', () => {
  expect(vatFor({ country: 'NL', vatNumber: dutch }, 'BE', DAY)).toEqual({
    category: 'AE',
    rate: 0,
    reason: 'eu_business',
  });
});

test('without a number that can be relied on, a customer in the Union pays Belgian VAT', () => {
  expect(vatFor({ country: 'NL', vatNumber: null }, 'BE', DAY)).toMatchObject({ rate: 2100 });
  expect(vatFor({ country: null, vatNumber: null }, 'BE', DAY)).toMatchObject({ rate: 2100 });
});

test('what is sold outside of the Union is outside the scope of its VAT', () => {
  for (const country of ['US', 'CH', 'NO', 'RE', 'AX']) {
    expect(vatFor({ country, vatNumber: null }, 'BE', DAY)).toMatchObject({ category: 'O' });
  }
});

test('a service to Northern Ireland is one to the United Kingdom, whatever the number begins with', () => {
  const vatNumber = readVatNumber('XI980780684', 'GB');
  expect(vatFor({ country: 'GB', vatNumber }, 'BE', DAY)).toMatchObject({ category: 'O', rate: 0 });
});

test('who is in the Union depends on the day', () => {
  expect(isInEu('GB', '2020-12-31')).toBe(true);
  expect(isInEu('GB', '2021-01-01')).toBe(false);
  expect(isInEu('HR', '2013-06-30')).toBe(false);
  expect(isInEu('HR', '2013-07-01')).toBe(true);
  expect(isInEu('MC', DAY)).toBe(true);
});

test('a seller of a country without a rate is refused, not guessed', () => {
  expect(() => vatFor({ country: 'FR', vatNumber: null }, 'FR', DAY)).toThrow('FR');
});

test('VAT is rounded once for each rate, a half away from zero', () => {
  expect(vatOn(1n, 2100)).toBe(0n);
  expect(vatOn(50n, 2100)).toBe(11n); // 10.5 cents
  expect(vatOn(-50n, 2100)).toBe(-11n);
  expect(divideHalfAway(-7n, 2n)).toBe(-4n);
  expect(divideHalfAway(7n, -2n)).toBe(-4n);
  const line = { net: 2n, category: 'S', rate: 2100 } as const;
  // Line by line each would be nothing.
  expect(vatBreakdown(Array.from({ length: 100 }, () => line))).toEqual([
    { category: 'S', rate: 2100, taxable: 200n, vat: 42n },
  ]);
});

test('lines of several rates make one subtotal each', () => {
  expect(
    vatBreakdown([
      { net: 1000n, category: 'S', rate: 2100 },
      { net: 500n, category: 'AE', rate: 0 },
      { net: -200n, category: 'S', rate: 2100 },
    ]),
  ).toEqual([
    { category: 'S', rate: 2100, taxable: 800n, vat: 168n },
    { category: 'AE', rate: 0, taxable: 500n, vat: 0n },
  ]);
});

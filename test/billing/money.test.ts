import { createRequire } from 'node:module';
import { decimal } from '../../src/billing/money/decimal.js';
import { moneyText } from '../../src/billing/money/format-money.js';
import { minorUnits } from '../../src/billing/money/minor-units.js';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('every currency of ISO 4217 has the decimals that the standard gives it', () => {
  const require = createRequire(import.meta.url);
  const listed = require('currency-codes/data') as { code: string; digits: number }[];
  expect(listed.length).toBeGreaterThan(150);
  const funds = new Set([
    'XAU',
    'XAG',
    'XPT',
    'XPD',
    'XDR',
    'XSU',
    'XUA',
    'XBA',
    'XBB',
    'XBC',
    'XBD',
    'XTS',
    'XXX',
  ]);
  const wrong = listed.filter(
    ({ code, digits }) => !funds.has(code) && minorUnits(code) !== digits,
  );
  expect(wrong).toEqual([]);
});

test('an amount is written with its currency, as each language does', () => {
  const money = { amount: 123_450n, currency: 'EUR' };
  expect(plain(moneyText(money, 'en'))).toBe('€1,234.50');
  expect(plain(moneyText(money, 'nl'))).toBe('€ 1.234,50');
  expect(plain(moneyText(money, 'fr'))).toBe('1 234,50 €');
  expect(plain(moneyText({ amount: 1200n, currency: 'JPY' }, 'en'))).toBe('¥1,200');
  expect(plain(moneyText({ amount: -1234n, currency: 'KWD' }, 'en'))).toBe('-KWD 1.234');
});

test('an amount beyond what a float can hold is written to the cent', () => {
  const amount = 9_007_199_254_740_993_01n;
  expect(plain(moneyText({ amount, currency: 'EUR' }, 'en'))).toBe('€9,007,199,254,740,993.01');
  expect(decimal(-5n, 2)).toBe('-0.05');
  expect(decimal(1200n, 0)).toBe('1200');
});

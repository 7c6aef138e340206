import { memo } from './memo.js';

/** Intl instances are expensive to create and cheap to use. */
const remember = memo();

/** Decimal digits of a currency's minor unit (ISO 4217): 2 for EUR, 0 for JPY. */
export function minorDigitsOf(currency: string): number {
  return remember(currency, () => {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  });
}

/**
 * An amount that a person typed, in minor units: `12,50` is 1250 of EUR. Spaces between digits are ignored.
 * Null for anything else, more digits after the point than the currency has included.
 */
export function minorUnitsOf(text: string, currency: string): number | null {
  const digits = minorDigitsOf(currency);
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(plain) ?? [];
  if (!whole || fraction.length > digits) return null;
  return Number(`${sign}${whole}${fraction.padEnd(digits, '0')}`) || 0;
}

/** An amount as a person types it, with a point: 1250 of EUR is `12.50`. */
export function majorUnitsOf(amount: number, currency: string): string {
  return (amount / 10 ** minorDigitsOf(currency)).toFixed(minorDigitsOf(currency));
}

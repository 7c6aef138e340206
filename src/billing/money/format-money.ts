import { memo } from '../../core/utils/memo.js';
import { decimal } from './decimal.js';
import { minorUnits } from './minor-units.js';
import type { Money } from './money.js';

const remember = memo();

/** `€ 12,50` for `nl`: exact for any amount, since Intl is given the decimal text and no float. */
export function moneyText({ amount, currency }: Money, locale: string): string {
  const digits = minorUnits(currency);
  const format = remember(
    `${locale} ${currency}`,
    () =>
      new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  return format.format(decimal(amount, digits) as `${number}`);
}

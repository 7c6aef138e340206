import { currentCurrency } from '../../context/request-context.js';
import { majorUnitsOf } from '../../utils/money.js';

/** Saved values as a form shows them, to be typed again. */

export function typedNumber(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** Of a checkbox: `1` where it is checked. */
export function typedBoolean(value: boolean): string | null {
  return value ? '1' : null;
}

/** `amount` in minor units of the organisation's currency. */
export function typedMoney(amount: number | null): string | null {
  return amount === null ? null : majorUnitsOf(amount, currentCurrency());
}

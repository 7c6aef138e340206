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

const TYPED = 'atrium:typed-as';

/** Declares how a saved value of a field is typed, where its text is not simply that. */
export function TypedAs(typed: (value: never) => string | null): PropertyDecorator {
  return Reflect.metadata(TYPED, typed);
}

/** How a saved value of this field is typed. */
export function typedAs(form: { prototype: object }, name: string): (value: unknown) => string {
  const typed = Reflect.getMetadata(TYPED, form.prototype, name) as
    ((value: unknown) => string | null) | undefined;
  return typed ? (value) => typed(value) ?? '' : String;
}

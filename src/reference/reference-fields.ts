import { Matches } from 'class-validator';
import type { FieldShape } from '../core/http/forms/field-shape.js';
import { says } from '../core/http/forms/fields.js';
import { valueField, type Presence } from '../core/http/forms/value-fields.js';

/**
 * Field decorators of codes of reference data. They know what such a code looks like; which ones there are is
 * known to the database (`references` of the repository). `optional`: absent or blank becomes null.
 */

/** ISO 3166-1 alpha-2 in capitals; `be` counts as `BE`. */
export function CountryField(presence: Presence = {}) {
  return code(presence, /^[A-Z]{2}$/, { maxLength: 2, example: 'BE' }, upper);
}

/** ISO 4217 in capitals; `eur` counts as `EUR`. */
export function CurrencyField(presence: Presence = {}) {
  return code(presence, /^[A-Z]{3}$/, { maxLength: 3, example: 'EUR' }, upper);
}

/** ISO 639-1, else 639-3, in small letters. */
export function LanguageField(presence: Presence = {}) {
  return code(presence, /^[a-z]{2,3}$/, { maxLength: 3, example: 'nl' }, (text) =>
    text.toLowerCase(),
  );
}

/** IANA name of a time zone. */
export function TimezoneField(presence: Presence = {}) {
  const shape = { maxLength: 64, example: 'Europe/Brussels' };
  return code(presence, /^[A-Za-z][\w+/-]{0,63}$/, shape, (text) => text);
}

function code(
  presence: Presence,
  pattern: RegExp,
  shape: Pick<FieldShape, 'maxLength' | 'example'>,
  read: (text: string) => string,
) {
  return valueField(presence, { type: 'string', ...shape }, read, [
    Matches(pattern, says('validation.choice')),
  ]);
}

function upper(text: string): string {
  return text.toUpperCase();
}

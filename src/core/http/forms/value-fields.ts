import { applyDecorators, type Type } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  IsDefined,
  IsDateString,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { currentCurrency } from '../../context/request-context.js';
import { canonicalEmail, isEmailAddress } from '../../utils/email-address.js';
import { minorUnitsOf } from '../../utils/money.js';
import type { TextKey } from '../../i18n/text-keys.js';
import { UUID } from '../../utils/uuid.js';
import { Shape, type FieldShape } from './field-shape.js';
import { TypedAs, typedMoney } from './typed-values.js';
import { HintField, cleanLines, holds, says } from './fields.js';

/** Field decorators of values that are no text. `optional`: absent or blank becomes null. */

export interface Presence {
  optional?: true;
}

const INT4 = { min: -2_147_483_648, max: 2_147_483_647 };

/** Largest amount, in minor units: a number of JavaScript holds it exactly. */
const MOST_MONEY = 999_999_999_999_999;

/** A whole number, by default any that a column `integer` holds. */
export function IntegerField({
  min = INT4.min,
  max = INT4.max,
  example,
  ...presence
}: Presence & { min?: number; max?: number; example?: number } = {}) {
  const refusal = says('validation.whole_number', { min, max });
  return valueField(
    presence,
    { type: 'integer', minimum: min, maximum: max, ...(example === undefined ? {} : { example }) },
    (text) => (/^[-+]?\d{1,10}$/.test(text) ? Number(text) : text),
    [IsInt(refusal), Min(min, refusal), Max(max, refusal)],
  );
}

const DECIMAL = /^-?\d{1,12}(\.\d{1,4})?$/;

/** A decimal number as text, exactly as a column `numeric` holds it: `12.5`. A comma counts as a point. */
export function DecimalField(presence: Presence = {}) {
  return valueField(
    presence,
    { type: 'string', pattern: DECIMAL.source, example: '12.5' },
    (text) => text.replace(',', '.').replace(/^(-?)0+(?=\d)/, '$1'),
    [Matches(DECIMAL, says('validation.decimal'))],
  );
}

/**
 * An amount of money. JSON: an integer in minor units of the organisation's currency (cents of EUR). A form:
 * in its major unit, with a comma or a point, `12,50`.
 */
export function MoneyField(presence: Presence = {}) {
  const refusal = says('validation.money');
  return valueField(
    presence,
    { type: 'integer', minimum: -MOST_MONEY, maximum: MOST_MONEY },
    (text) => minorUnitsOf(text, currentCurrency()) ?? text,
    [IsInt(refusal), Min(-MOST_MONEY, refusal), Max(MOST_MONEY, refusal), TypedAs(typedMoney)],
  );
}

/** A calendar day (ISO 8601, `2026-02-28`) from 1900 on. */
export function DateField(presence: Presence = {}) {
  return valueField(presence, { type: 'string', format: 'date' }, (text) => text, [
    Matches(/^(19|[2-9]\d)\d\d-\d\d-\d\d$/, says('validation.date')),
    IsDateString({ strict: true }, says('validation.date')),
  ]);
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A time of day to the minute, `14:30`; seconds that a browser adds are left out. */
export function TimeField(presence: Presence = {}) {
  return valueField(
    presence,
    { type: 'string', pattern: TIME.source, example: '14:30' },
    (text) => text.replace(/^(\d\d:\d\d):\d\d$/, '$1'),
    [Matches(TIME, says('validation.time'))],
  );
}

const LONGEST_ADDRESS = 2_000;

/** An absolute address of the web (`https:` or `http:`), at most 2,000 characters, also once it is encoded. */
export function UrlField(presence: Presence = {}) {
  return valueField(
    presence,
    { type: 'string', format: 'uri', maxLength: LONGEST_ADDRESS },
    (text) => text,
    [
      MaxLength(LONGEST_ADDRESS, says('validation.too_long', { max: LONGEST_ADDRESS })),
      holds('web_address', isWebAddress, says('validation.url')),
    ],
  );
}

/** An e-mail address in its canonical spelling; absent or blank becomes null. */
export function OptionalEmailField() {
  return valueField(
    { optional: true },
    { type: 'string', format: 'email', maxLength: 254 },
    canonicalEmail,
    [
      holds('email_address', isEmailAddress, says('validation.email')),
      IsString(says('validation.email')),
    ],
  );
}

/**
 * The id of a row of the organisation. Whether there is such a row: `RowChoices.require`. `unknown`: what is said of
 * anything else.
 */
export function RowField(presence: Presence = {}, unknown: TextKey = 'validation.unknown_row') {
  return valueField(presence, { type: 'string', format: 'uuid' }, (text) => text.toLowerCase(), [
    Matches(UUID, says(unknown)),
  ]);
}

/** A hint of the address that is one of these words. Others are dropped, never refused. */
export function ChoiceHintField(words: readonly string[]) {
  return HintField(new RegExp(`^(?:${words.join('|')})$`));
}

/** Multi-line text that is not blank, with `\n` line ends. */
export function MultilineField({ max }: { max: number }) {
  return valueField({}, { type: 'string', minLength: 1, maxLength: max }, cleanLines, [
    // Of control characters nothing remains.
    MinLength(1, says('validation.required')),
    MaxLength(max, says('validation.too_long', { max })),
  ]);
}

/**
 * An object of JSON, handed on as its text of at most `max` characters: what is in it is read by whom it is for.
 * In a form: that text, blank where it is absent. `schema` describes the object for the API's document; where it is
 * optional it may be absent, and is undefined then.
 */
export function JsonField({
  schema,
  max,
  optional,
}: {
  schema: Type;
  max: number;
  optional?: true;
}) {
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? value.trim() || undefined : (value as unknown),
    ),
    Shape({ type: 'object', schema, ...(optional ? { optional } : {}) }),
    ...(optional ? [ValidateIf((_, value) => value !== undefined)] : []),
    IsString(says('validation.required')),
    MaxLength(max, says('validation.too_long', { max })),
  );
}

/** Whether a browser can open it as a page; what it encodes gets longer. */
function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s\p{Cc}]+$/u.test(text)) return false;
  const { href } = URL.parse(text) ?? {};
  return href !== undefined && href.length <= LONGEST_ADDRESS;
}

/** A field whose text is read by `read`; blank is null where it is optional, else missing. */
export function valueField(
  { optional }: Presence,
  shape: FieldShape,
  read: (text: string) => unknown,
  rules: PropertyDecorator[],
) {
  return applyDecorators(
    Transform(({ value }) => {
      if (typeof value !== 'string') return value as unknown;
      const text = value.trim();
      return text === '' ? (optional ? null : undefined) : read(text);
    }),
    Shape(optional ? { ...shape, nullable: true } : shape),
    ...(optional ? [IsOptional()] : []),
    ...rules,
    ...(optional ? [] : [IsDefined(says('validation.required'))]),
  );
}

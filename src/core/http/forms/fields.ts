import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsBoolean,
  IsDateString,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
  type ValidationOptions,
} from 'class-validator';
import { canonicalEmail, isEmailAddress } from '../../utils/email-address.js';
import type { TextKey } from '../../i18n/text-keys.js';
import { Shape } from './field-shape.js';
import { cleanName, holdsAddress, isOneLine } from '../../utils/names.js';

/** Field decorators: the same declarations validate HTML forms and JSON bodies. */

interface TextOptions {
  max: number;
  /** A value for samples in the API documentation. */
  example?: string;
}

const NAME_RULES = [
  holds('one_line', isOneLine, says('validation.one_line')),
  holds('no_address', (name) => !holdsAddress(name), says('validation.name_with_address')),
];

/** One line of text, trimmed and in Unicode normal form C; control characters become spaces. */
export function TextField({ min = 1, max, ...about }: TextOptions & { min?: number }) {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? cleanLine(value) : (value as unknown))),
    Shape({ type: 'string', minLength: min, maxLength: max, ...about }),
    IsString(says('validation.required')),
    MinLength(min, min > 1 ? says('validation.too_short', { min }) : says('validation.required')),
    MaxLength(max, says('validation.too_long', { max })),
  );
}

/** Like a text field; absent or blank becomes null. */
export function OptionalTextField({ max, ...about }: TextOptions) {
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? cleanLine(value) || null : (value as unknown),
    ),
    Shape({ type: 'string', nullable: true, maxLength: max, ...about }),
    IsOptional(),
    IsString(says('validation.text')),
    MaxLength(max, says('validation.too_long', { max })),
  );
}

/** A display name: cleaned by `cleanName`, without links, on one line. */
export function NameField({ max, ...about }: TextOptions) {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? cleanName(value) : (value as unknown))),
    Shape({ type: 'string', minLength: 1, maxLength: max, ...about }),
    IsString(says('validation.required')),
    MinLength(1, says('validation.required')),
    MaxLength(max, says('validation.too_long', { max })),
    ...NAME_RULES,
  );
}

/** Like a name field; absent or blank becomes null. */
export function OptionalNameField({ max, ...about }: TextOptions) {
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? cleanName(value) || null : (value as unknown),
    ),
    Shape({ type: 'string', nullable: true, maxLength: max, ...about }),
    IsOptional(),
    IsString(says('validation.text')),
    MaxLength(max, says('validation.too_long', { max })),
    ...NAME_RULES,
  );
}

/** Multi-line text with `\n` line ends, whatever the browser sends; absent or blank becomes null. */
export function OptionalMultilineField({ max }: { max: number }) {
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? cleanLines(value) || null : (value as unknown),
    ),
    Shape({ type: 'string', nullable: true, maxLength: max }),
    IsOptional(),
    IsString(says('validation.text')),
    MaxLength(max, says('validation.too_long', { max })),
  );
}

/** A calendar day (ISO 8601, `2026-02-28`) from 1900 on; absent or blank becomes null. */
export function OptionalDateField() {
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? value.trim() || null : (value as unknown),
    ),
    Shape({ type: 'string', nullable: true, format: 'date' }),
    IsOptional(),
    Matches(/^(19|[2-9]\d)\d\d-\d\d-\d\d$/, says('validation.date')),
    IsDateString({ strict: true }, says('validation.date')),
  );
}

/** A whole number of a form, both bounds included. */
export function WholeNumberField({ min, max }: { min: number; max: number }) {
  const refusal = says('validation.whole_number', { min, max });
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' && /^\s*-?\d{1,9}\s*$/.test(value)
        ? Number(value)
        : (value as unknown),
    ),
    IsInt(refusal),
    Min(min, refusal),
    Max(max, refusal),
  );
}

/** The version of the row that a form was filled in from. Invalid values become 0, which no row has. */
export function VersionField() {
  return applyDecorators(
    Transform(({ value }) => (/^\d{1,9}$/.test(String(value)) ? Number(value) : 0)),
    IsInt(),
  );
}

/** An optional version; a form without one overwrites whatever is saved. */
export function SeenVersionField() {
  return applyDecorators(
    Transform(({ value }) => (/^\d{1,9}$/.test(String(value)) ? Number(value) : undefined)),
    ValidateIf((_, value) => value !== undefined),
    IsInt(),
  );
}

/** An e-mail address (RFC 5321, at most 254 octets) in its canonical spelling. */
export function EmailField() {
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? canonicalEmail(value) : (value as unknown),
    ),
    Shape({ type: 'string', format: 'email', maxLength: 254 }),
    holds('email_address', isEmailAddress, says('validation.email')),
    IsString(says('validation.email')),
  );
}

/** A password: never trimmed or changed. Its strength is checked by `passwordProblem`. */
export function PasswordField({ optional = false } = {}) {
  return applyDecorators(
    Shape({ type: 'string', format: 'password', minLength: 1, ...(optional ? { optional } : {}) }),
    ...(optional ? [ValidateIf((_, value) => value !== undefined)] : []),
    IsString(says('validation.password_required')),
    MinLength(1, says('validation.password_required')),
  );
}

/** What proves a second factor; absent or blank: it is not shown. Its validity is checked later. */
export function ProofField({ max, ...about }: TextOptions) {
  return applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? value.trim() || undefined : (value as unknown),
    ),
    Shape({ type: 'string', maxLength: max, optional: true, ...about }),
    ValidateIf((_, value) => value !== undefined),
    IsString(says('validation.text')),
    MaxLength(max, says('validation.too_long', { max })),
  );
}

/** A token of a mailed link or a refresh token. Its validity is checked later. */
export function TokenField() {
  return applyDecorators(
    Shape({ type: 'string', minLength: 1, maxLength: 1_000 }),
    IsString(says('validation.required')),
    MinLength(1, says('validation.required')),
    MaxLength(1_000, says('validation.too_long', { max: 1_000 })),
  );
}

/** One of the given choices; `optional` where the field has a default. */
export function ChoiceField(choices: readonly string[], options: { optional?: true } = {}) {
  return applyDecorators(
    Shape({ type: 'string', enum: choices, ...options }),
    IsIn([...choices], says('validation.choice')),
  );
}

export const MANY = 'atrium:many';

/**
 * One or more of the given choices: checkboxes of one name, an array in JSON; repeated ones count once.
 * Redisplayed joined by spaces.
 */
export function ChoicesField(choices: () => readonly string[], example?: string) {
  return applyDecorators(
    Transform(({ value }) => {
      const all: unknown = typeof value === 'string' ? value.split(' ').filter(Boolean) : value;
      return Array.isArray(all) ? [...new Set<unknown>(all)] : all;
    }),
    Reflect.metadata(MANY, true),
    Shape({ type: 'array', ...(example ? { example } : {}) }),
    ArrayNotEmpty(says('validation.choose_some')),
    ValidateBy(
      { name: 'isIn', validator: { validate: (value) => choices().includes(value as string) } },
      { each: true, ...says('validation.choice') },
    ),
  );
}

/** Whether the field may have several values. */
export function hasMany(type: { prototype: object }, name: string): boolean {
  return Reflect.hasMetadata(MANY, type.prototype, name);
}

/** Like a choice; absent or blank becomes null. */
export function OptionalChoiceField(choices: readonly string[]) {
  return applyDecorators(
    Transform(({ value }) => (value === '' ? null : (value as unknown))),
    Shape({ type: 'string', nullable: true, enum: choices }),
    IsOptional(),
    IsIn([...choices], says('validation.choice')),
  );
}

/** A checkbox: absent means no. */
export function CheckboxField() {
  return applyDecorators(
    Transform(({ value }) => value === true || value === 'on' || value === 'true' || value === '1'),
    Shape({ type: 'boolean', optional: true }),
    IsBoolean(says('validation.choice')),
  );
}

/** A hint that a script adds to the form. Invalid values are dropped, never refused. */
export function HintField(pattern: RegExp) {
  return unseen((text) => (pattern.test(text) ? text : undefined));
}

/** The page to open afterwards, checked by `safePath`. Its presence distinguishes a form from a script. */
export function NextField() {
  return unseen((text) => (text.length > 2_000 ? '' : text));
}

function unseen(read: (text: string) => string | undefined) {
  return applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? read(value) : undefined)),
    ValidateIf((_, value) => value !== undefined),
    IsString(),
  );
}

/** Encodes a translation key and its values as a validation message. */
export function says(key: TextKey, args: Record<string, unknown> = {}): ValidationOptions {
  return { message: `${key}|${JSON.stringify(args)}` };
}

export function holds(
  name: string,
  test: (text: string) => boolean,
  refusal: ValidationOptions,
): PropertyDecorator {
  const validate = (value: unknown) => typeof value !== 'string' || test(value);
  return ValidateBy({ name, validator: { validate } }, refusal);
}

/** Decodes the translation key and values of a message. */
export function parseMessage(message: string): { key: TextKey; args: Record<string, unknown> } {
  const [key = '', json] = message.split(/\|(.*)/s);
  return { key: key as TextKey, args: json ? (JSON.parse(json) as Record<string, unknown>) : {} };
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

// The same but for tab and line feed.
// oxlint-disable-next-line no-control-regex
const CONTROL_IN_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g;

function cleanLine(text: string): string {
  return text.normalize('NFC').replace(CONTROL, ' ').toWellFormed().trim();
}

export function cleanLines(text: string): string {
  const lines = text.normalize('NFC').replace(/\r\n?|[\u2028\u2029]/g, '\n');
  return lines.replace(CONTROL_IN_LINES, ' ').toWellFormed().trim();
}

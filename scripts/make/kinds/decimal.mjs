import { VALUE_FIELDS, input, nullable, orDash, orNull, presence, quoted } from './markup.mjs';

/** A number of up to 12 digits before the point and 4 after it, exactly as it was entered. */
export const decimal = {
  name: 'decimal',
  problemOf: ({ fallback }) =>
    fallback !== undefined && !/^-?\d{1,12}(\.\d{1,4})?$/.test(fallback)
      ? 'the default is a number such as 12.5'
      : undefined,
  defaultOf: ({ fallback }) => quoted(fallback),
  sql: () => 'numeric',
  checks: (_, column) => [`abs(${column}) < 1e12`, `scale(${column}) <= 4`],
  column: (field) => ["'numeric'", nullable(field)],
  type: (field) => orNull('string', field),
  forms: VALUE_FIELDS,
  decorator: (field) => `DecimalField(${presence(field)})`,
  about: 'A decimal number as text, `12.5`: up to 12 digits before the point, 4 after it.',
  api: (field) => ({ type: "'string'", example: "'12.5'", ...nullable(field) }),
  listed: (column) => `${column}::text`,
  input: (field, names) => input('field', field, names, ' inputmode="decimal" autocomplete="off"'),
  shown: (field, value) => orDash(field, value, `{{localdecimal ${value}}}`),
  cell: 'text-end tabular-nums',
  sample: () => ({ typed: "'12.5'", sent: "'12.5'", refused: "'1.23456'" }),
};

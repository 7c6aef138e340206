import { FIELDS, VALUE_FIELDS, input, nullable, orDash, orNull } from './markup.mjs';

/** A calendar day. */
export const date = {
  name: 'date',
  sql: () => 'date',
  column: (field) => ["'date'", nullable(field)],
  type: (field) => orNull('string', field),
  formsOf: ({ isNullable }) => (isNullable ? FIELDS : VALUE_FIELDS),
  decorator: ({ isNullable }) => (isNullable ? 'OptionalDateField()' : 'DateField()'),
  about: 'A day, ISO 8601: `2026-02-28`.',
  api: (field) => ({ type: "'string'", format: "'date'", ...nullable(field) }),
  listed: (column) => `${column}::text`,
  input: (field, names) => input('field', field, names, ' type="date"'),
  shown: (field, value) => orDash(field, value, `{{day ${value}}}`),
  cell: 'whitespace-nowrap',
  sample: () => ({ typed: "'2027-03-01'", sent: "'2027-03-01'", refused: "'2027-02-30'" }),
};

import { VALUE_FIELDS, input, nullable, numberOrDash, orNull, presence } from './markup.mjs';

/** A whole number of four bytes. */
export const integer = {
  name: 'integer',
  unique: () => '++made',
  problemOf: ({ fallback }) =>
    fallback !== undefined && !/^-?\d{1,9}$/.test(fallback)
      ? 'the default is a whole number'
      : undefined,
  defaultOf: ({ fallback }) => fallback,
  sql: () => 'integer',
  column: (field) => ["'integer'", nullable(field)],
  type: (field) => orNull('number', field),
  forms: VALUE_FIELDS,
  decorator: (field) => `IntegerField(${presence(field)})`,
  api: (field) => ({ type: "'integer'", ...nullable(field) }),
  input: (field, names) => input('field', field, names, ' inputmode="numeric" autocomplete="off"'),
  shown: (field, value) => numberOrDash(field, value, `{{number ${value}}}`),
  cell: 'text-end tabular-nums',
  typed: 'typedNumber',
  sample: () => ({ typed: "'12'", sent: '12', refused: "'twelve'" }),
};

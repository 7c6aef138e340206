import { VALUE_FIELDS, input, numberOrDash, orNull, presence } from './markup.mjs';

/** An amount in minor units of the organisation's currency (cents of EUR). */
export const money = {
  name: 'money',
  sql: () => 'bigint',
  column: ({ isNullable }) => [
    "'bigint'",
    { ...(isNullable ? { nullable: 'true' } : {}), transformer: 'amount' },
  ],
  columnImport: { amount: '../core/database/column-values.js' },
  type: (field) => orNull('number', field),
  forms: VALUE_FIELDS,
  decorator: (field) => `MoneyField(${presence(field)})`,
  about: "In minor units of the organisation's currency: cents of EUR.",
  api: ({ isNullable }) => ({ type: "'integer'", ...(isNullable ? { nullable: 'true' } : {}) }),
  listed: (column) => `${column}::float8`,
  input: (field, names) => input('field', field, names, ' inputmode="decimal" autocomplete="off"'),
  shown: (field, value) => numberOrDash(field, value, `{{localmoney ${value}}}`),
  isSummed: true,
  cell: 'text-end tabular-nums whitespace-nowrap',
  typed: 'typedMoney',
  // What staff type would be read in the currency of their own organisation.
  isOfOrganisation: true,
  sample: () => ({ typed: "'1250.50'", sent: '125050', refused: "'12.345'" }),
};

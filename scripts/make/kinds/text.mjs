import { FIELDS, input, nullable, orDash, orNull, quoted } from './markup.mjs';

const MAX = 120;

/** One line of at most 120 characters. */
export const text = {
  name: 'text',
  isText: true,
  isTitle: true,
  unique: (sample) => `\`\${${sample}} \${++made}\``,
  defaultOf: ({ fallback }) => quoted(fallback),
  sql: () => `varchar(${MAX})`,
  checks: ({ isNullable }, column) => (isNullable ? [] : [`length(btrim(${column})) > 0`]),
  column: (field) => ["'varchar'", { length: MAX, ...nullable(field) }],
  type: (field) => orNull('string', field),
  forms: FIELDS,
  decorator: ({ isNullable }) =>
    isNullable ? `OptionalTextField({ max: ${MAX} })` : `TextField({ max: ${MAX} })`,
  about: `1–${MAX} characters on one line.`,
  api: (field) =>
    field.isNullable
      ? { type: "'string'", maxLength: MAX, nullable: 'true' }
      : { minLength: 1, maxLength: MAX },
  input: (field, names) => input('field', field, names, ` maxlength="${MAX}" autocomplete="off"`),
  shown: (field, value) => orDash(field, value, `{{${value}}}`),
  cell: 'wrap-break-word',
  sample: ({ isNullable }) => ({
    typed: "'Harbour 12'",
    sent: "'Harbour 12'",
    refused: isNullable ? `'x'.repeat(${MAX + 1})` : "' '",
  }),
};

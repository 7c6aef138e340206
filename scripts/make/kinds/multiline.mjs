import { FIELDS, VALUE_FIELDS, input, nullable, orDash, orNull } from './markup.mjs';

const MAX = 2_000;

/** Lines of at most 2,000 characters. */
export const multiline = {
  name: 'multiline',
  isText: true,
  sql: () => `varchar(${MAX})`,
  checks: ({ isNullable }, column) => (isNullable ? [] : [`length(btrim(${column})) > 0`]),
  column: (field) => ["'varchar'", { length: MAX, ...nullable(field) }],
  type: (field) => orNull('string', field),
  formsOf: ({ isNullable }) => (isNullable ? FIELDS : VALUE_FIELDS),
  decorator: ({ isNullable }) =>
    `${isNullable ? 'OptionalMultilineField' : 'MultilineField'}({ max: ${MAX} })`,
  about: `At most ${MAX.toLocaleString('en')} characters; lines end in \`\\n\`.`,
  api: (field) => ({ type: "'string'", maxLength: MAX, ...nullable(field) }),
  input: (field, names) => input('textarea', field, names, ` maxlength="${MAX}"`),
  shown: (field, value) =>
    orDash(field, value, `<span class="whitespace-pre-line">{{${value}}}</span>`),
  sample: () => ({
    typed: "'Over the Dyle\\nand back'",
    sent: "'Over the Dyle\\nand back'",
    refused: `'x'.repeat(${MAX + 1})`,
  }),
};

import { FIELDS, VALUE_FIELDS, input, nullable, orDash, orNull } from './markup.mjs';

/** An e-mail address. Personal data: the audit trail masks it. */
export const email = {
  name: 'email',
  isText: true,
  unique: () => '`anna${++made}@harbour.example`',
  sql: () => 'varchar(254)',
  column: (field) => ["'varchar'", { length: 254, ...nullable(field) }],
  type: (field) => orNull('string', field),
  formsOf: ({ isNullable }) => (isNullable ? VALUE_FIELDS : FIELDS),
  decorator: ({ isNullable }) => (isNullable ? 'OptionalEmailField()' : 'EmailField()'),
  api: (field) => ({ type: "'string'", format: "'email'", ...nullable(field) }),
  audit: "'masked'",
  input: (field, names) =>
    input('field', field, names, ' type="email" autocomplete="off" maxlength="254"'),
  shown: (field, value) =>
    orDash(
      field,
      value,
      `<a class="text-link wrap-anywhere" href="mailto:{{${value}}}">{{${value}}}</a>`,
    ),
  cell: 'wrap-anywhere',
  sample: () => ({
    typed: "'anna@harbour.example'",
    sent: "'anna@harbour.example'",
    refused: "'anna at harbour'",
  }),
};

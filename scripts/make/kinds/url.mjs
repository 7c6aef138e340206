import { VALUE_FIELDS, input, nullable, orDash, orNull, presence } from './markup.mjs';

/** An address of the web. */
export const url = {
  name: 'url',
  isText: true,
  unique: () => '`https://harbour.example/${++made}`',
  sql: () => 'varchar(2000)',
  column: (field) => ["'varchar'", { length: 2000, ...nullable(field) }],
  type: (field) => orNull('string', field),
  forms: VALUE_FIELDS,
  decorator: (field) => `UrlField(${presence(field)})`,
  api: (field) => ({ type: "'string'", format: "'uri'", maxLength: 2000, ...nullable(field) }),
  input: (field, names) =>
    input('field', field, names, ' type="url" maxlength="2000" autocomplete="off"'),
  shown: (field, value) =>
    orDash(
      field,
      value,
      `<a class="text-link wrap-anywhere" href="{{${value}}}" rel="noopener noreferrer nofollow">{{${value}}}</a>`,
    ),
  cell: 'wrap-anywhere',
  sample: () => ({
    typed: "'https://harbour.example/12'",
    sent: "'https://harbour.example/12'",
    refused: "'javascript:alert(1)'",
  }),
};

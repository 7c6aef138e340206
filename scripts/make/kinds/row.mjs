import { camelCase } from '../names.mjs';
import { input, nullable, orDash, orNull } from './markup.mjs';

/** `ownerName` of the field `owner_id`: what the row that it leads to is called. */
export const nameOf = ({ word }) => `${camelCase(word)}Name`;

/**
 * What kinds share whose value is the id of a row of the organisation, or none where it is not required. `none`: the
 * text for that.
 */
export const rowKind = (none) => ({
  columnOf: (name) => `${name.replace(/_id$/, '')}_id`,
  sql: () => 'uuid',
  column: (field) => ["'uuid'", nullable(field)],
  type: (field) => orNull('string', field),
  api: (field) => ({ type: "'string'", format: "'uuid'", ...nullable(field) }),
  input: (field, names) => {
    const blank = field.isNullable ? none : 'choose';
    const more = ` options=${field.property}Options blank=(t "${names.plural}.${blank}")`;
    return input('select', field, names, more);
  },
  shown: (field, value) => {
    const name = value.replace(/\w+$/, nameOf(field));
    return orDash(field, name, `{{${name}}}`);
  },
  cell: 'wrap-break-word',
  // Staff would be offered the rows of their own organisation.
  isOfOrganisation: true,
  sample: () => ({
    typed: "''",
    sent: 'null',
    refused: "'00000000-0000-4000-8000-000000000000'",
  }),
});

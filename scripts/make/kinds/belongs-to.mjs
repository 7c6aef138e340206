import { VALUE_FIELDS, input, nullable, orDash } from './markup.mjs';
import { camelCase } from '../names.mjs';

/** `INVOICE_CUSTOMER`: the rows that an invoice may belong to, beside its entity. */
export function choiceOf({ word }, { SINGULAR }) {
  return `${SINGULAR}_${word.toUpperCase()}`;
}

const nameOf = ({ word }) => `${camelCase(word)}Name`;

/** A row of another module, its parent, by id; none where it is blank. `field.parent` names that module. */
export const belongsTo = {
  name: 'belongs-to',
  takesOptions: true,
  hasParent: true,
  columnOf: (name) => `${name.replace(/_id$/, '')}_id`,
  problemOf: ({ options, isRequired }) => {
    if (options.length !== 1 || !/^[a-z]+$/.test(options[0])) {
      return 'name one module in brackets, such as belongs-to(customers)';
    }
    return isRequired ? 'a row may belong to none: leave out the !' : undefined;
  },
  sql: () => 'uuid',
  refersTo: ({ parent }) => ({
    table: parent.singular,
    Entity: parent.Singular,
    key: 'id',
    from: `../${parent.plural}/${parent.singular}.entity.js`,
    isOfTenant: true,
  }),
  column: (field) => ["'uuid'", nullable(field)],
  type: () => 'string | null',
  forms: VALUE_FIELDS,
  decorator: () => 'RowField({ optional: true })',
  about: ({ options }) => `The id of a row of ${options[0]}.`,
  api: (field) => ({ type: "'string'", format: "'uuid'", ...nullable(field) }),
  offers: {
    service: ['RowChoices', '../core/database/row-choices.js'],
    as: 'rows',
    uses: (field, names) => [choiceOf(field, names), `./${names.singular}.entity.js`],
    list: (field, names) => `this.rows.offered(${choiceOf(field, names)}, values.${field.name})`,
    require: (field, names) => {
      const { name, property } = field;
      return `this.rows.require(${choiceOf(field, names)}, '${name}', details.${property}, before?.${property})`;
    },
  },
  titled: (field, names) => ({
    property: nameOf(field),
    sql: `${choiceOf(field, names)}.titleOf`,
    uses: [choiceOf(field, names), `./${names.singular}.entity.js`],
    read: (value) => `this.rows.titleOf(${choiceOf(field, names)}, ${value})`,
  }),
  input: (field, names) => {
    const more = ` options=${field.property}Options blank=(t "${names.plural}.none")`;
    return input('select', field, names, more);
  },
  texts: { none: { en: 'None', nl: 'Geen', fr: 'Aucun' } },
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
};

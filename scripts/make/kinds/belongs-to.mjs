import { capital } from '../names.mjs';
import { CHOOSE, VALUE_FIELDS, presence } from './markup.mjs';
import { nameOf, rowKind } from './row.mjs';

/** `INVOICE_CUSTOMER`: the rows that an invoice may belong to, beside its entity. */
export function choiceOf({ word }, { SINGULAR }) {
  return `${SINGULAR}_${word.toUpperCase()}`;
}

/** `addedCustomer`: the function of the samples that adds a row of another module. */
export function addedOf({ Singular }) {
  return `added${Singular}`;
}

/** A row of another module, its parent, by id; none where it is blank, unless it is required. `field.parent` names that module. */
export const belongsTo = {
  ...rowKind('none'),
  name: 'belongs-to',
  takesOptions: true,
  hasParent: true,
  problemOf: ({ options }) =>
    options.length !== 1 || !/^[a-z]+([_-][a-z]+)*$/.test(options[0])
      ? 'name one module in brackets, such as belongs-to(customers)'
      : undefined,
  refersTo: ({ parent }) => ({
    table: parent.table,
    Entity: parent.Singular,
    key: 'id',
    from: `../${parent.plural}/${parent.singular}.entity.js`,
    isOfTenant: true,
  }),
  forms: VALUE_FIELDS,
  decorator: (field) => `RowField(${presence(field)})`,
  about: ({ options }) => `The id of a row of ${options[0].replace(/[_-]/g, ' ')}.`,
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
    ids: `${choiceOf(field, names)}.idsOf`,
    uses: [choiceOf(field, names), `./${names.singular}.entity.js`],
    read: (value) => `this.rows.titleOf(${choiceOf(field, names)}, ${value})`,
  }),
  neededBy: ({ parent }) =>
    `await ${addedOf(parent)}(admin, \`${capital(parent.one)} \${crypto.randomUUID()}\`)`,
  texts: { none: { en: 'None', nl: 'Geen', fr: 'Aucun' }, ...CHOOSE },
};

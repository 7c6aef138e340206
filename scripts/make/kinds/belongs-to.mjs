import { VALUE_FIELDS } from './markup.mjs';
import { nameOf, rowKind } from './row.mjs';

/** `INVOICE_CUSTOMER`: the rows that an invoice may belong to, beside its entity. */
export function choiceOf({ word }, { SINGULAR }) {
  return `${SINGULAR}_${word.toUpperCase()}`;
}

/** A row of another module, its parent, by id; none where it is blank. `field.parent` names that module. */
export const belongsTo = {
  ...rowKind('none'),
  name: 'belongs-to',
  takesOptions: true,
  hasParent: true,
  problemOf: ({ options, isRequired }) => {
    if (options.length !== 1 || !/^[a-z]+$/.test(options[0])) {
      return 'name one module in brackets, such as belongs-to(customers)';
    }
    return isRequired ? 'a row may belong to none: leave out the !' : undefined;
  },
  refersTo: ({ parent }) => ({
    table: parent.singular,
    Entity: parent.Singular,
    key: 'id',
    from: `../${parent.plural}/${parent.singular}.entity.js`,
    isOfTenant: true,
  }),
  forms: VALUE_FIELDS,
  decorator: () => 'RowField({ optional: true })',
  about: ({ options }) => `The id of a row of ${options[0]}.`,
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
  texts: { none: { en: 'None', nl: 'Geen', fr: 'Aucun' } },
};

import { FIELDS } from './markup.mjs';

/** Yes or no; no where nothing is said. */
export const boolean = {
  name: 'boolean',
  isNullable: () => false,
  problemOf: ({ isRequired, fallback }) =>
    isRequired
      ? 'yes or no is never required: leave out the !'
      : fallback !== undefined && !['true', 'false'].includes(fallback)
        ? 'the default is true or false'
        : undefined,
  defaultOf: ({ fallback }) => fallback ?? 'false',
  sql: () => 'boolean',
  column: (field) => ["'boolean'", { default: field.fallback ?? 'false' }],
  type: () => 'boolean',
  forms: FIELDS,
  decorator: () => 'CheckboxField()',
  formDefault: () => 'false',
  api: () => ({}),
  input: ({ name }, { plural }) =>
    `{{> form/checkbox name="${name}" label=(t "${plural}.fields.${name}")}}`,
  shown: (_, value, { plural }) =>
    `{{#if ${value}}}{{t "${plural}.yes"}}{{else}}{{t "${plural}.no"}}{{/if}}`,
  texts: { yes: { en: 'Yes', nl: 'Ja', fr: 'Oui' }, no: { en: 'No', nl: 'Nee', fr: 'Non' } },
  cell: 'whitespace-nowrap',
  typed: 'typedBoolean',
  sample: () => ({ typed: "'1'", sent: 'true' }),
};

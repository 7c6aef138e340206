import { FIELDS, orNull, quoted } from './markup.mjs';
import { camelCase, capital, pluralOf } from '../names.mjs';

/** `INVOICE_STATUSES`, `InvoiceStatus` and `statuses` of the field `status`. */
export function choiceNames({ name }, { SINGULAR, Singular }) {
  const plural = pluralOf(name);
  return {
    constant: `${SINGULAR}_${plural.toUpperCase()}`,
    type: `${Singular}${capital(camelCase(name))}`,
    group: plural,
  };
}

/** One of a few words, which people read translated. */
export const choice = {
  name: 'choice',
  takesOptions: true,
  groupOf: ({ name }) => pluralOf(name),
  problemOf: ({ name, options, fallback }) => {
    if (options.length < 2 || options.length > 12 || new Set(options).size < options.length) {
      return 'name 2 to 12 different words in brackets, such as choice(draft,sent)';
    }
    if (!options.every((word) => /^[a-z][a-z\d_]{0,19}$/.test(word))) {
      return 'the words have 1 to 20 small letters, digits and underscores';
    }
    if (name === 'status' && options.includes('deleted')) {
      return 'the status "deleted" is what deleted rows have: leave it out';
    }
    return fallback !== undefined && !options.includes(fallback)
      ? `the default is one of ${options.join(', ')}`
      : undefined;
  },
  isNullable: ({ name, isRequired, fallback }) =>
    !(isRequired || fallback !== undefined || name === 'status'),
  defaultOf: (field) =>
    field.isNullable || (field.isRequired && !field.fallback)
      ? undefined
      : quoted(field.fallback ?? field.options[0]),
  sql: () => 'varchar(20)',
  checks: ({ options }, column) => [`${column} IN (${options.map(quoted).join(', ')})`],
  column: (field) => {
    const fallback = choice.defaultOf(field);
    return [
      "'varchar'",
      {
        length: 20,
        ...(field.isNullable ? { nullable: 'true' } : {}),
        ...(fallback ? { default: fallback } : {}),
      },
    ];
  },
  type: (field, names) => orNull(choiceNames(field, names).type, field),
  forms: FIELDS,
  decorator: (field, names) => {
    const { constant } = choiceNames(field, names);
    if (field.isNullable) return `OptionalChoiceField(${constant})`;
    return choice.defaultOf(field)
      ? `ChoiceField(${constant}, { optional: true })`
      : `ChoiceField(${constant})`;
  },
  api: (field, names) => ({
    enum: choiceNames(field, names).constant,
    ...(field.isNullable ? { nullable: 'true' } : {}),
  }),
  input: (field, names) => {
    const { name, options, isNullable } = field;
    const key = `${names.plural}.${choiceNames(field, names).group}`;
    const radio = (value, label) =>
      `  {{> form/choice value="${value}" label=${label} checked=(eq form.values.${name} "${value}")}}`;
    const all = options.map((word) => radio(word, `(t "${key}.${word}")`));
    const none = isNullable ? [radio('', `(t "${names.plural}.none")`)] : [];
    return [
      `{{#> form/choices name="${name}" label=(t "${names.plural}.fields.${name}")}}`,
      ...none,
      ...all,
      '{{/form/choices}}',
    ].join('\n');
  },
  texts: { none: { en: 'None', nl: 'Geen', fr: 'Aucun' } },
  shown: (field, value, names) => {
    const key = `${names.plural}.${choiceNames(field, names).group}.`;
    const badge = `{{> badge text=(t (concat "${key}" ${value}))}}`;
    return field.isNullable ? `{{#if ${value}}}${badge}{{else}}–{{/if}}` : badge;
  },
  inPlace: (field, names, shown, title) => {
    const { name, property, options } = field;
    const { plural, resource } = names;
    const given = [
      `action=(concat "/${plural}/" id "/set/") id=id fieldName="${name}"`,
      `label=(t "${plural}.fields.${name}") rowName=${title} value=${property}`,
      `words=(list ${options.map((word) => `"${word}"`).join(' ')})`,
      `texts="${plural}.${choiceNames(field, names).group}."`,
      `isOff=(or isDeleted (not (may "${resource}:write")))`,
    ];
    return `{{#> form/in-place ${given.join(' ')}}}${shown}{{/form/in-place}}`;
  },
  cell: 'whitespace-nowrap',
  sample: ({ options }) => ({
    typed: quoted(options.at(-1)),
    sent: quoted(options.at(-1)),
    refused: "'no such word'",
  }),
};

import { CHOOSE, input, nullable, orDash, orNull, presence, quoted } from './markup.mjs';

/** What each kind of codes has of its own. `named`: the function and helper that name a code; zones name themselves. */
const CODES = {
  country: {
    Entity: 'Country',
    key: 'code',
    length: 2,
    named: 'countryName',
    about: 'ISO 3166-1 alpha-2: `BE`.',
    codes: ['BE', 'QQ'],
    shape: /^[A-Z]{2}$/,
  },
  language: {
    Entity: 'Language',
    key: 'code',
    length: 3,
    named: 'languageName',
    about: 'ISO 639-1, else ISO 639-3: `nl`.',
    codes: ['nl', 'qq'],
    shape: /^[a-z]{2,3}$/,
  },
  currency: {
    Entity: 'Currency',
    key: 'code',
    length: 3,
    named: 'currencyName',
    about: 'ISO 4217: `EUR`.',
    codes: ['EUR', 'QQQ'],
    shape: /^[A-Z]{3}$/,
  },
  timezone: {
    Entity: 'Timezone',
    key: 'name',
    length: 64,
    about: 'IANA name: `Europe/Brussels`.',
    codes: ['Europe/Brussels', 'Europe/Atlantis'],
    shape: /^[A-Za-z][\w+/-]{0,63}$/,
  },
};

const codesOf = ({ options }) => CODES[options[0]];

/** A code of the reference data: a country, a language, a currency or a time zone. */
export const reference = {
  name: 'reference',
  takesOptions: true,
  problemOf: ({ options, fallback }) => {
    if (options.length !== 1 || !Object.hasOwn(CODES, options[0])) {
      return `name one of ${Object.keys(CODES).join(', ')} in brackets, such as reference(country)`;
    }
    const { shape, codes } = CODES[options[0]];
    return fallback !== undefined && !shape.test(fallback)
      ? `the default is a code such as ${codes[0]}`
      : undefined;
  },
  defaultOf: ({ fallback }) => quoted(fallback),
  sql: (field) => `varchar(${codesOf(field).length})`,
  refersTo: (field) => {
    const { Entity, key } = codesOf(field);
    const table = Entity.toLowerCase();
    return { table, Entity, key, from: `../reference/${table}.entity.js` };
  },
  column: (field) => ["'varchar'", { length: codesOf(field).length, ...nullable(field) }],
  type: (field) => orNull('string', field),
  forms: '../reference/reference-fields.js',
  decorator: (field) => `${codesOf(field).Entity}Field(${presence(field)})`,
  about: (field) => codesOf(field).about,
  api: (field) => ({
    ...(field.isNullable ? { type: "'string'" } : {}),
    example: quoted(codesOf(field).codes[0]),
    ...nullable(field),
  }),
  offers: {
    service: ['ReferenceOptions', '../reference/reference-options.js'],
    as: 'reference',
    list: ({ name, options }) => `this.reference.offered(${quoted(options[0])}, values.${name})`,
  },
  input: (field, names) => {
    const blank = field.isNullable ? 'none' : 'choose';
    const more = ` options=${field.property}Options blank=(t "${names.plural}.${blank}")`;
    return input('select', field, names, more);
  },
  texts: {
    none: { en: 'None', nl: 'Geen', fr: 'Aucun' },
    ...CHOOSE,
  },
  named: (field) => codesOf(field).named,
  shown: (field, value) => {
    const { named } = codesOf(field);
    return orDash(field, value, named ? `{{${named.toLowerCase()} ${value}}}` : `{{${value}}}`);
  },
  cell: 'wrap-break-word',
  sample: (field) => {
    const [code, unknown] = codesOf(field).codes.map(quoted);
    return { typed: code, sent: code, refused: unknown };
  },
};

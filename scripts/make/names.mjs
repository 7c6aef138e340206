import { createHash } from 'node:crypto';
import { Refused } from './refused.mjs';

/** The module that is copied. */
export const TEMPLATE = namesOf('projects', 'project');

/**
 * Words that mean something else in the addresses, the database or the code of src/projects: `cards` are a parameter of
 * its controller, a `Person` is imported by its tests. A singular is looked for by its regular plural.
 */
const RESERVED = wordsOf(
  `actions activities admin api assets audit bodies cards classes constructors core currents dates dev docs entities
  entitlements events features files filters forms health homes i18n icons initials items lists media migrations
  models modules names objects onboardings options organisations pages partials persons principals promises
  prototypes public queries records references relations roles rows scripts services sessions settings shells sorts
  splits statics statuses strings subtitles tables tests texts titles types users values versions views words`,
);

/** Words that PostgreSQL takes as the name of a table or a column only in quotes: `pg_get_keywords()`, R and T. */
export const SQL = wordsOf(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
  from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`,
);

/** Words that cannot name a variable in TypeScript. */
export const TYPESCRIPT = wordsOf(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public
  return static super switch this throw true try typeof var void while with yield`,
);

function wordsOf(text) {
  return new Set(text.split(/\s+/));
}

/** Up to four words. */
const WORDS = /^(?=.{3,40}$)[a-z]+(_[a-z]+){0,3}$/;

/**
 * The names of a module by its plural: `invoices`, `purchase_orders`, which `purchase-orders` is as well. `singular` where
 * the rules of English do not lead to it. @throws Refused
 */
export function moduleNames(said, saidSingular) {
  const plural = said.replaceAll('-', '_');
  if (!WORDS.test(plural)) {
    throw new Refused(
      `"${said}" cannot name a module: write one to four words, 3 to 40 small letters, in the plural, such as invoices or purchase_orders.`,
    );
  }
  const singular = saidSingular?.replaceAll('-', '_') ?? singularOf(plural);
  if (singular === plural || !singular) {
    throw new Refused(
      `"${plural}" has no plural: write the plural, such as ${pluralOf(plural)}, or --singular=<word> where English makes it differently.`,
    );
  }
  if (!WORDS.test(singular)) {
    throw new Refused(
      `"${saidSingular}" cannot be a singular: write one to four words of small letters, such as purchase_order.`,
    );
  }
  const isReserved = [plural, pluralOf(singular)].some((each) => RESERVED.has(each));
  const isWordOfCode = [plural, singular].some((each) => TYPESCRIPT.has(each));
  if (isReserved || isWordOfCode || SQL.has(singular)) {
    throw new Refused(
      `"${plural}" is reserved: choose a more specific name, such as work${plural}.`,
    );
  }
  return namesOf(plural, singular);
}

/**
 * One name in the spelling of each place, from words that `_` separates:
 * - `plural`, `singular`: folders, files, addresses, the feature and the file of its texts (`purchase-orders`)
 * - `resource`, `table`: permissions, flag, parts of the export, and the table (`purchase_orders`, `purchase_order`)
 * - `variables`, `variable`, `Plural`, `Singular`, `PLURAL`, `SINGULAR`: code
 * - `many`, `one`: sentences (`purchase orders`)
 */
export function namesOf(resource, table) {
  return {
    plural: folderOf(resource),
    singular: folderOf(table),
    resource,
    table,
    variables: camelCase(resource),
    variable: camelCase(table),
    Plural: capital(camelCase(resource)),
    Singular: capital(camelCase(table)),
    PLURAL: resource.toUpperCase(),
    SINGULAR: table.toUpperCase(),
    many: resource.replaceAll('_', ' '),
    one: table.replaceAll('_', ' '),
  };
}

/** `purchase_orders` → `purchase-orders`. */
export function folderOf(name) {
  return name.replaceAll('_', '-');
}

/** `an order`, `a unit`, `an hourly rate`. */
export function withArticle(one) {
  const isVowel = /^([aeiou]|hone|hono|hour|heir)/.test(one) && !SAID_WITH_CONSONANT.test(one);
  return `${isVowel ? 'an' : 'a'} ${one}`;
}

/** `unit`, `user`, `utility`, `European market`, `one`; no `uninsured loss`. */
const SAID_WITH_CONSONANT = /^(eu|onc?e|uni(?![mn])|us[aeu]|ut[ei])/;

/** `category` → `categories`, `status` → `statuses`, `invoice` → `invoices`. */
export function pluralOf(word) {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** Undoes `pluralOf`; the word itself where it is no plural. */
export function singularOf(word) {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|x|z|ch|sh|us)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) && !/(us|is)$/.test(word) ? word.slice(0, -1) : word;
}

/** PostgreSQL cuts longer names off, so that two could become the same. */
const LONGEST_IDENTIFIER = 63;

/** The name of an index or constraint: a long one ends in a hash of the whole. */
export function identifier(name) {
  if (name.length <= LONGEST_IDENTIFIER) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_IDENTIFIER - 9)}_${hash}`;
}

export function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `due_date` → `dueDate`. */
export function camelCase(name) {
  return name.replace(/_([a-z\d])/g, (_, letter) => letter.toUpperCase());
}

/** `dueDate` → `due_date`. */
export function snakeCase(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The key by which rows of other tables lead to a row of the organisation. */
export function keyOf({ table }) {
  return `uq_${table}_tenant_id_id`;
}

/** The foreign key of a field; rows of an organisation are referenced within it. TypeORM begins with the id. */
export function foreignKey(field, table) {
  const { isOfTenant } = field.kind.refersTo(field);
  const columns = isOfTenant ? [field.name, 'tenant_id'] : [field.name];
  return `fk_${table}_${columns.join('_')}`;
}

/** `due_date` → `Due date`; `email` as the glossary spells it in all three languages. */
export function spoken(name) {
  return capital(name.replaceAll('_', ' ').replace(/\bemail(?=s?\b)/g, 'e-mail'));
}

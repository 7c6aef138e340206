import { createHash } from 'node:crypto';
import { Refused } from './refused.mjs';

/** The module that is copied. */
export const TEMPLATE = namesOf('projects', 'project');

/** Words that mean something else in the code, the addresses or the database. */
const RESERVED = new Set(
  `api assets admin audit classes constructors core dev docs events features forms health homes i18n icons items lists
  media migrations modules names onboardings pages partials prototypes public queries roles rows scripts services
  sessions settings sorts statics statuses tables tests texts types users values versions views words`
    .split(/\s+/)
    .filter(Boolean),
);

/** Words of SQL that cannot name a table without quotes, in the singular. */
const SQL = new Set(
  `all analyse and any array as case cast check collate column constraint current default desc distinct do else end
  except false fetch for foreign from grant group having in initial into join leading limit natural not null offset on
  only or order placing primary reference references right select similar some symmetric table then to trailing true
  union unique user using variadic when where window with`
    .split(/\s+/)
    .filter(Boolean),
);

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
  if (RESERVED.has(plural) || SQL.has(singular)) {
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

/** `due_date` → `Due date`. */
export function spoken(name) {
  return capital(name.replaceAll('_', ' '));
}

/** Handlebars of an input: `{{> form/<partial> name=… label=… …}}`. */
export function input(partial, { name, isNullable }, { plural }, more = '') {
  const presence = isNullable ? ' optional=true' : ' required=true';
  return `{{> form/${partial} name="${name}" label=(t "${plural}.fields.${name}")${more}${presence}}}`;
}

/** A dash where there is no value. `value` may be no value that counts as false, such as 0. */
export function orDash({ isNullable }, value, shown) {
  return isNullable ? `{{#if ${value}}}${shown}{{else}}–{{/if}}` : shown;
}

/** The same for numbers, of which 0 is one. */
export function numberOrDash({ isNullable }, value, shown) {
  return isNullable ? `{{#if (eq ${value} null)}}–{{else}}${shown}{{/if}}` : shown;
}

export const FIELDS = '../core/http/forms/fields.js';
export const DISPLAY_NAMES = '../core/i18n/display-names.js';
export const VALUE_FIELDS = '../core/http/forms/value-fields.js';

/** The argument of a field decorator: `{ optional: true }`, or none. */
export function presence({ isNullable }) {
  return isNullable ? '{ optional: true }' : '';
}

/** `nullable: true` of columns and of the API, where it is. */
export function nullable({ isNullable }) {
  return isNullable ? { nullable: 'true' } : {};
}

/** `{ a: 1, b: 2 }`, from code by name. */
export function literal(entries) {
  const inner = Object.entries(entries).map(([name, code]) => `${name}: ${code}`);
  return inner.length === 0 ? '' : `{ ${inner.join(', ')} }`;
}

export function orNull(type, { isNullable }) {
  return isNullable ? `${type} | null` : type;
}

/** A text as code. */
export function quoted(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** What a select says where nothing is chosen, and something has to be. */
export const CHOOSE = { choose: { en: 'Choose…', nl: 'Kies…', fr: 'Choisissez…' } };

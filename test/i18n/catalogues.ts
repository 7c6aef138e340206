import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A text, or the texts of a number (`one`, `other`, …) chosen by the argument `count`. */
export type Entry = string | Record<string, string>;
/** `room.path.to.key` → entry, of one language. */
export type Catalogue = ReadonlyMap<string, Entry>;
export type Catalogues = Readonly<Record<string, Catalogue>>;

/** The language all others are compared with. */
export const source = 'en';
/** Complete languages; a region (`nl-BE`) says only what it says differently. */
export const complete = ['nl', 'fr'];
export const regional = ['nl-BE', 'fr-BE'];

const pluralCategories = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);

export function readCatalogues(folder: string): Catalogues {
  return Object.fromEntries(
    [source, ...complete, ...regional].map((language) => [
      language,
      readCatalogue(join(folder, language)),
    ]),
  );
}

/** Builds a catalogue from the content of its files: room → nested texts. */
export function catalogueOf(rooms: Record<string, unknown>): Catalogue {
  const entries = new Map<string, Entry>();
  for (const [room, content] of Object.entries(rooms)) collect(content, room, entries);
  return entries;
}

/** Everything that is wrong between the languages, one sentence each. */
export function compare(catalogues: Catalogues): string[] {
  const base = catalogues[source] ?? new Map<string, Entry>();
  const others = [...complete, ...regional];
  return [
    ...[source, ...others].flatMap((language) => emptyTexts(language, catalogues[language])),
    ...complete.flatMap((language) => missingKeys(language, base, catalogues[language])),
    ...others.flatMap((language) => unknownKeys(language, base, catalogues[language])),
    ...others.flatMap((language) => differences(language, base, catalogues[language])),
    ...[source, ...others].flatMap((language) => wrongPlurals(language, catalogues[language])),
    ...['fr', 'fr-BE'].flatMap((language) => looseMarks(language, catalogues[language])),
    ...others.flatMap((language) => familiarWords(language, catalogues[language])),
  ];
}

/**
 * What is wrong with texts that replace others, one sentence each: they may leave a name out, and not add one that
 * nobody fills in.
 */
export function compareOverrides(overrides: Catalogues, catalogues: Catalogues): string[] {
  const base = catalogues[source] ?? new Map<string, Entry>();
  return Object.entries(overrides).flatMap(([language, own]) => [
    ...emptyTexts(language, own),
    ...unknownKeys(language, base, own),
    ...wrongPlurals(language, own),
    ...[...own]
      .filter(([key, entry]) => typeof base.get(key) === 'string' && typeof entry !== 'string')
      .map(([key]) => `${language}: "${key}" is one text, and gets forms that nobody reads`),
    ...[...own].flatMap(([key, entry]) => addedNames(language, key, entry, base.get(key))),
    ...(language.startsWith('fr') ? looseMarks(language, own) : []),
  ]);
}

function addedNames(language: string, key: string, entry: Entry, original?: Entry): string[] {
  if (original === undefined) return [];
  const filled = new Set(['{site}', ...placeholders(original).split(' ')]);
  const added = placeholders(entry)
    .split(' ')
    .filter((name) => name && !filled.has(name));
  return added.map((name) => `${language}: "${key}" names ${name}, which nobody fills in`);
}

function readCatalogue(folder: string): Catalogue {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const rooms = files.map((name) => [
    basename(name, '.json'),
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown,
  ]);
  return catalogueOf(Object.fromEntries(rooms) as Record<string, unknown>);
}

function collect(value: unknown, key: string, entries: Map<string, Entry>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    entries.set(key, typeof value === 'string' ? value : '');
  } else if (isPlural(value)) {
    entries.set(key, value);
  } else {
    for (const [name, inner] of Object.entries(value)) collect(inner, `${key}.${name}`, entries);
  }
}

function isPlural(value: object): value is Record<string, string> {
  const names = Object.keys(value);
  return names.includes('other') && names.every((name) => pluralCategories.has(name));
}

function textsOf(entry: Entry): string[] {
  return typeof entry === 'string' ? [entry] : Object.values(entry);
}

function emptyTexts(language: string, catalogue: Catalogue = new Map()): string[] {
  return [...catalogue]
    .filter(([, entry]) => textsOf(entry).some((text) => String(text).trim() === ''))
    .map(([key]) => `${language}: "${key}" is empty, or not a text`);
}

/** French puts a space inside « » and before : ; ? ! that must not break, or a mark begins a line. */
function looseMarks(language: string, catalogue: Catalogue = new Map()): string[] {
  return [...catalogue]
    .filter(([, entry]) => textsOf(entry).some((text) => /« | »| [:;?!](\s|$)/.test(text)))
    .map(([key]) => `${language}: "${key}" has a space beside a mark that may break (use U+00A0)`);
}

/** People are addressed as "u" in Dutch and as "vous" in French. */
const FAMILIAR: Readonly<Record<string, RegExp>> = {
  nl: /(?<!\p{L})(je|jij|jou|jouw|jullie)(?!\p{L})/iu,
  fr: /(?<!\p{L})(tu|toi|ton|tes)(?!\p{L})/iu,
};

function familiarWords(language: string, catalogue: Catalogue = new Map()): string[] {
  const familiar = FAMILIAR[language.slice(0, 2)];
  if (!familiar) return [];
  return [...catalogue]
    .filter(([, entry]) => textsOf(entry).some((text) => familiar.test(String(text))))
    .map(([key]) => `${language}: "${key}" addresses people as friends`);
}

function missingKeys(language: string, base: Catalogue, catalogue: Catalogue = new Map()) {
  return [...base.keys()]
    .filter((key) => !catalogue.has(key))
    .map((key) => `${language}: "${key}" is missing`);
}

function unknownKeys(language: string, base: Catalogue, catalogue: Catalogue = new Map()) {
  return [...catalogue.keys()]
    .filter((key) => !base.has(key))
    .map((key) => `${language}: "${key}" does not exist in ${source}`);
}

/** A translation names the same things, and is plural where the source is. */
function differences(language: string, base: Catalogue, catalogue: Catalogue = new Map()) {
  return [...catalogue].flatMap(([key, entry]) => {
    const original = base.get(key);
    if (original === undefined) return [];
    if ((typeof entry === 'string') !== (typeof original === 'string')) {
      return [`${language}: "${key}" has plural forms in one language only`];
    }
    const [ours, theirs] = [placeholders(entry), placeholders(original)];
    if (ours === theirs) return [];
    return [
      `${language}: "${key}" names ${ours || 'nothing'}, ${source} names ${theirs || 'nothing'}`,
    ];
  });
}

/** The names in braces over all forms: "one invitation" need not repeat the number. */
function placeholders(entry: Entry): string {
  const names = textsOf(entry).flatMap((text) =>
    [...String(text).matchAll(/\{\s*([\w.]+)[^}]*\}/g)].map(([, name]) => `{${name}}`),
  );
  return [...new Set(names)].sort().join(' ');
}

/** Exactly the forms the language has (CLDR). `zero` may be added, and French may leave out `many`. */
function wrongPlurals(language: string, catalogue: Catalogue = new Map()): string[] {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const required = categories.filter((category) => category !== 'many');
  const allowed = new Set<string>([...categories, 'zero']);
  return [...catalogue].flatMap(([key, entry]) => {
    if (typeof entry === 'string') return [];
    const missing = required.filter((category) => !(category in entry));
    const unknown = Object.keys(entry).filter((category) => !allowed.has(category));
    return [
      ...missing.map((category) => `${language}: "${key}" has no form "${category}"`),
      ...unknown.map((category) => `${language}: "${key}" has a form "${category}" it never uses`),
    ];
  });
}

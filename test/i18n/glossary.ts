import type { Catalogue, Entry } from './catalogues.js';

/** A word that a language avoids, and the term that takes its place. */
export interface Avoided {
  word: string;
  term: string;
}

export type Glossary = Readonly<Record<'en' | 'nl' | 'fr', readonly Avoided[]>>;

/** The columns of the table, by language: the term, and what not to say. */
const COLUMNS = { en: [1, 2], nl: [3, 4], fr: [5, 6] } as const;
const WIDTH = 7;

/** Reads the tables of docs/glossary.md. @throws Error for a row that lacks a cell, or a table without rows */
export function readGlossary(markdown: string): Glossary {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  const rows = lines.map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((cell) => cell.trim()),
  );
  const terms = rows.filter(([first = '']) => !/^(-+|What it is)$/.test(first));
  if (terms.length === 0) throw new Error('docs/glossary.md has no terms');
  const lacking = terms.find((row) => row.length !== WIDTH || row.some((cell) => cell === ''));
  if (lacking) throw new Error(`docs/glossary.md: a cell is missing beside "${lacking[0]}"`);
  const of = ([term, avoided]: readonly [number, number]): Avoided[] =>
    terms.flatMap((row) =>
      row[avoided]!.split(',').map((word) => ({
        word: word.trim().replace(/\\\*$/, '*'),
        term: row[term]!,
      })),
    );
  return { en: of(COLUMNS.en), nl: of(COLUMNS.nl), fr: of(COLUMNS.fr) };
}

/**
 * Texts of a language that use a word it avoids, one sentence each. Features of `ownTerms` may use the words of their name
 * and of their fields (a venue has seats), but no other spelling of a term.
 */
export function avoidedIn(
  language: string,
  catalogue: Catalogue,
  avoided: readonly Avoided[],
  ownTerms: ReadonlySet<string> = new Set(),
): string[] {
  const patterns = avoided.map((each) => ({ ...each, pattern: patternOf(each.word) }));
  const names = namesIn(catalogue);
  return [...catalogue].flatMap(([key, entry]) => {
    const feature = key.split('.')[0]!;
    const said = textsOf(entry)
      .map((text) => plain(text))
      .join('\n');
    return patterns.flatMap(({ word, term, pattern }) => {
      const found = pattern.exec(said);
      if (!found) return [];
      const isOwn = ownTerms.has(feature) && pattern.test(names.get(feature)!);
      if (isOwn && !isSpelling(word, term)) return [];
      const file = `i18n/${language}/${feature}.json`;
      return [`${file}: "${key}" says "${found[0]}": write ${term} (docs/glossary.md)`];
    });
  });
}

/** The words of the name of each feature and of its fields. */
function namesIn(catalogue: Catalogue): Map<string, string> {
  const names = new Map<string, string>();
  for (const key of catalogue.keys()) {
    const [feature, ...rest] = key.split('.');
    const field = rest.at(-2) === 'fields' ? rest.at(-1)! : '';
    names.set(feature!, `${names.get(feature!) ?? feature} ${field}`.replace(/[-_]/g, ' '));
  }
  return names;
}

/** `email` is `e-mail` in another spelling. */
function isSpelling(word: string, term: string): boolean {
  return term.replaceAll('-', '').includes(word.replace('*', ''));
}

function textsOf(entry: Entry): string[] {
  return typeof entry === 'string' ? [entry] : Object.values(entry);
}

/** Without what is filled in, code, tags and addresses. */
function plain(text: string): string {
  return text.replace(/\{[^}]*\}|`[^`]*`|<[^>]*>|\S*[/@.]\w\S*/g, '§');
}

/** Whole words only; `*` is any ending. */
function patternOf(word: string): RegExp {
  const isOpen = word.endsWith('*');
  const exact = (isOpen ? word.slice(0, -1) : word)
    .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(' ', String.raw`\s+`);
  return new RegExp(
    String.raw`(?<![\p{L}\d-])${exact}${isOpen ? String.raw`\p{L}*` : ''}(?![\p{L}\d-])`,
    'iu',
  );
}

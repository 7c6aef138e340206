import type { Catalogue } from './catalogues.js';

export interface SourceFile {
  path: string;
  text: string;
}

/** Strings that begin like a key but are names of files. */
const fileName = /\.(js|ts|json|hbs|html|txt|css|svg|png|sql|csv)$/;
const keyShape = /^[a-z][\w-]*(\.[\w-]+)+$/i;

/**
 * Compares what code and views name with what the catalogue holds. A key is used when it stands
 * somewhere as a quoted string, when a template string or a string ending in a dot leads to it
 * (`members.roles.${role}`, "members.roles."), or when a comment says so: i18n-uses: members.roles.*
 * A string that only looks like a key is declared in the same file: i18n-ignore: auth.session.*
 * `others`: strings that are names of something else wherever they stand.
 */
export function compareUses(
  files: readonly SourceFile[],
  catalogue: Catalogue,
  others: ReadonlySet<string> = new Set(),
): string[] {
  const rooms = new Set([...catalogue.keys()].map((key) => roomOf(key)));
  const found = files.map((file) => usesIn(file, rooms));
  const exact = new Set(found.flatMap(({ keys }) => keys.map(({ key }) => key)));
  const patterns = found.flatMap(({ patterns: inFile }) => inFile);

  const unused = [...catalogue.keys()]
    .filter((key) => !exact.has(key) && !patterns.some(({ pattern }) => matches(pattern, key)))
    .map((key) => `"${key}" is used nowhere`);

  const unknown = found.flatMap(({ keys, ignored }) =>
    keys
      .filter(({ key }) => !others.has(key) && !exists(key, catalogue))
      .filter(({ key }) => !ignored.some((pattern) => matches(pattern, key)))
      .map(({ key, where }) => `${where}: "${key}" does not exist`),
  );

  const empty = found.flatMap(({ patterns: inFile, ignored }) =>
    inFile
      .filter(({ pattern }) => ![...catalogue.keys()].some((key) => matches(pattern, key)))
      .filter(({ pattern }) => !ignored.includes(pattern))
      .map(({ pattern, where }) => `${where}: "${pattern}" leads to no key`),
  );

  return [...unused, ...unknown, ...empty];
}

interface Uses {
  keys: { key: string; where: string }[];
  patterns: { pattern: string; where: string }[];
  ignored: string[];
}

function usesIn({ path, text }: SourceFile, rooms: ReadonlySet<string>): Uses {
  const uses: Uses = { keys: [], patterns: [], ignored: [] };
  const lines = new LineNumbers(text);
  for (const { content, at } of stringsIn(text)) {
    const where = `${path}:${lines.of(at)}`;
    if (!rooms.has(roomOf(content)) || fileName.test(content)) continue;
    if (keyShape.test(content)) uses.keys.push({ key: content, where });
    else if (isPattern(content)) uses.patterns.push({ pattern: asPattern(content), where });
  }
  for (const { word, value, at } of declarationsIn(text)) {
    const where = `${path}:${lines.of(at)}`;
    if (word === 'i18n-uses') uses.patterns.push({ pattern: value, where });
    else uses.ignored.push(value);
  }
  return uses;
}

/** Quoted and template strings on one line; it need not be exact, since only keys are looked for. */
function* stringsIn(text: string): Generator<{ content: string; at: number }> {
  const quoted = /'([^'\n\\]*)'|"([^"\n\\]*)"|`([^`\n\\]*)`/g;
  for (let start = 0; start < text.length;) {
    quoted.lastIndex = start;
    const match = quoted.exec(text);
    if (!match) return;
    const content = match[1] ?? match[2] ?? match[3] ?? '';
    yield { content, at: match.index };
    // An apostrophe in a comment may pair with the quote of a string: look inside again.
    start = looksLikeProse(content) ? match.index + 1 : match.index + match[0].length;
  }
}

function looksLikeProse(content: string): boolean {
  return /\s/.test(content) && !content.includes('${');
}

function* declarationsIn(text: string): Generator<{ word: string; value: string; at: number }> {
  for (const match of text.matchAll(/(i18n-uses|i18n-ignore):[ \t]*([\w.*, -]+)/g)) {
    const [, word = '', values = ''] = match;
    const names = values.split(/[\s,]+/).filter((value) => /\w\.[\w*]/.test(value));
    for (const value of names) yield { word, value, at: match.index };
  }
}

function isPattern(content: string): boolean {
  const room = roomOf(content);
  const rest = content.slice(room.length);
  return /^\.(?:[\w-]+\.)*$/.test(rest) || /^\.(?:[\w.-]|\$\{[^}]*\})+$/.test(rest);
}

/** `members.roles.${role}` and "members.roles." become members.roles.* */
function asPattern(content: string): string {
  return content.replaceAll(/\$\{[^}]*\}/g, '*').replace(/\.$/, '.*');
}

function matches(pattern: string, key: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.-]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.+')}$`).test(key);
}

/** A string may name a key, or the beginning of one that code completes. */
function exists(key: string, catalogue: Catalogue): boolean {
  if (catalogue.has(key)) return true;
  const prefix = `${key}.`;
  return [...catalogue.keys()].some((known) => known.startsWith(prefix));
}

function roomOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf('.')));
}

class LineNumbers {
  constructor(private readonly text: string) {}

  of(offset: number): number {
    return this.text.slice(0, offset).split('\n').length;
  }
}

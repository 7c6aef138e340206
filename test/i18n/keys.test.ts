import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { mergedAudit } from '../../src/core/features/registry.js';
import { compare, compareOverrides, readCatalogues, source } from './catalogues.js';
import { compareUses, type SourceFile } from './uses.js';
import { declaredTexts } from './declared-texts.js';
import { hardCodedText } from './visible-text.js';

const root = resolve(import.meta.dirname, '../..');

describe('Texts are keys', () => {
  const catalogues = readCatalogues(join(root, 'i18n'));
  const views = [...filesOf('views', '.hbs'), ...filesOf('brand/views', '.hbs')];

  test('every language has the same keys and placeholders', () => {
    expectNone(compare(catalogues));
  });

  test('a text of the brand takes the place of one that exists, and names no more than that', () => {
    const own = readCatalogues(join(root, 'brand', 'i18n'));
    expectNone(compareOverrides(own, catalogues));
  });

  test('every key is used and every used key exists', () => {
    // The generated list of all keys uses none of them.
    const code = filesOf('src', '.ts').filter(({ path }) => !path.endsWith('/text-keys.ts'));
    const declared = declaredTexts().map(({ file, key }) => ({ path: file, text: `'${key}'` }));
    const files = [...code, ...filesOf('assets', '.ts'), ...views, ...declared];
    const actions = new Set(mergedAudit('actions').keys());
    expectNone(compareUses(files, catalogues[source] ?? new Map(), actions));
  });

  test('no view contains untranslated text', () => {
    expectNone(views.flatMap(({ path, text }) => hardCodedText(path, text)));
  });
});

/** Says each problem on a line of its own. */
function expectNone(problems: string[]): void {
  if (problems.length > 0) throw new Error(`${problems.length} found\n${problems.join('\n')}`);
}

function filesOf(folder: string, ending: string): SourceFile[] {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') }));
}

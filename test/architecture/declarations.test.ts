import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BackOffice } from '../../src/core/back-office/back-office.js';
import { fileOf } from '../../src/core/features/declaration-problems.js';
import { installedFeatures } from '../../src/core/features/registry.js';
import { declaredTexts } from '../i18n/declared-texts.js';
import { complete, readCatalogues, source } from '../i18n/catalogues.js';
import { startApp } from '../support/app.js';
import '../../src/features.js';

const root = resolve(import.meta.dirname, '../..');
const catalogues = readCatalogues(join(root, 'i18n'));

/** One sentence per declared text that a language lacks. */
function wordless(file: string, what: string, key: string): string[] {
  const isThere = (language: string) => {
    const keys = [...(catalogues[language]?.keys() ?? [])];
    return keys.some((known) => known === key || known.startsWith(`${key}.`));
  };
  return [source, ...complete]
    .filter((language) => !isThere(language))
    .map(
      (language) =>
        `${file}: ${what} has no words: write "${key}" in the texts of i18n/${language}`,
    );
}

test('whatever a declaration shows to people has words in every language', () => {
  const missing = declaredTexts().flatMap(({ file, what, key }) => wordless(file, what, key));
  expect(missing).toEqual([]);
});

test('every mail has its views', () => {
  const missing = installedFeatures().flatMap((feature) =>
    Object.keys(feature.mails ?? {})
      .flatMap((name) => [`${name}.hbs`, `${name}.text.hbs`])
      .map((view) => `views/${feature.name}/mail/${view}`)
      .filter((view) => !existsSync(join(root, view)))
      .map((view) => `${fileOf(feature)}: a mail is shown by ${view}: write it`),
  );
  expect(missing).toEqual([]);
});

test('every entity of the back office has a name in every language', async () => {
  const atrium = await startApp({ ROLE: 'web' });
  try {
    const entities = atrium.app.get(BackOffice).all();
    expect(entities.length).toBeGreaterThan(5);
    const missing = entities.flatMap(({ path, feature, declared }) =>
      ['singular', 'plural'].flatMap((form) =>
        wordless(declared.constructor.name, path, `${feature}.entities.${path}.${form}`),
      ),
    );
    expect(missing).toEqual([]);
  } finally {
    await atrium.stop();
  }
});

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BackOffice } from '../../src/core/back-office/back-office.js';
import { fileOf } from '../../src/core/features/declaration-problems.js';
import { installedFeatures } from '../../src/core/features/registry.js';
import { complete, readCatalogues, source } from '../i18n/catalogues.js';
import { startApp } from '../support/app.js';
import '../../src/features.js';

const root = resolve(import.meta.dirname, '../..');
const catalogues = readCatalogues(join(root, 'i18n'));

/** A sentence for each language in which something that is declared has no words. */
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
  const missing = installedFeatures().flatMap((feature) => {
    const { permissions = {}, audit = {}, mails = {} } = feature;
    const declared = [
      ...Object.entries(permissions)
        .filter(([, { isForPeopleOnly }]) => !isForPeopleOnly)
        .map(([name]) => [
          'permissions',
          name,
          `settings.api_keys.scopes.${name.replace(':', '_')}`,
        ]),
      ...Object.keys(audit.kinds ?? {}).map((kind) => ['audit.kinds', kind, `audit.kinds.${kind}`]),
      ...Object.keys(audit.actions ?? {}).map((name) => [
        'audit.actions',
        name,
        `audit.actions.${name}`,
      ]),
      ...Object.keys(audit.fields ?? {}).map((name) => [
        'audit.fields',
        name,
        `audit.fields.${name}`,
      ]),
      ...Object.keys(mails).map((name) => [
        'mails',
        name,
        `mail.${name.replaceAll('-', '_')}.subject`,
      ]),
    ];
    return declared.flatMap(([part, name, key]) =>
      wordless(fileOf(feature), `${part}["${name}"]`, key!),
    );
  });
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
    const missing = entities.flatMap(({ path, declared }) =>
      ['singular', 'plural'].flatMap((form) =>
        wordless(declared.constructor.name, path, `admin.entities.${path}.${form}`),
      ),
    );
    expect(missing).toEqual([]);
  } finally {
    await atrium.stop();
  }
});

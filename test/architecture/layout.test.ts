import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { installedFeatures } from '../../src/core/features/registry.js';
import '../../src/features.js';

const GENERATED = new Set(['src/core/i18n/text-keys.ts']);
const files = globSync('src/**/*.ts').filter((file) => !GENERATED.has(file));

test('a file has at most 300 lines', () => {
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 301);
  expect(long).toEqual([]);
});

test('a folder has at most 20 files', () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
});

test('a folder of src is the platform, a package, the commands, or a feature that declares itself there', () => {
  const features = installedFeatures().map(({ name }) => name);
  const folders = new Set(
    files.map((file) => file.split('/')[1]!).filter((name) => !name.endsWith('.ts')),
  );
  expect([...folders].sort()).toEqual(['commands', 'core', 'pglite-wire', ...features].sort());
  expect(features.filter((name) => !existsSync(`src/${name}/${name}.feature.ts`))).toEqual([]);
});

/** Suites that are about no feature. */
const SUITES = [
  'adopters',
  'api',
  'architecture',
  'browser',
  'commands',
  'core',
  'deploy',
  'faults',
  'i18n',
  'isolation',
  'operations',
  'pglite-wire',
  'process',
  'support',
];

test('a folder of test is that of a feature, or of a suite that is about none', () => {
  expect(unknownFolders('test', SUITES)).toEqual([]);
});

/** The frame of pages and mails, the errors, and the views of src/core/back-office and src/core/csv. */
const SHARED_VIEWS = ['back-office', 'csv', 'errors', 'layouts', 'mail', 'partials'];

test('a folder of views is that of a feature, with its partials and mails, or shared by all', () => {
  expect(unknownFolders('views', SHARED_VIEWS)).toEqual([]);
  const deep = globSync('views/*/*/**/*.hbs').filter(
    (file) => !/^views\/([\w-]+\/(partials|mail)|partials\/[\w-]+)\/[\w.-]+$/.test(file),
  );
  expect(deep).toEqual([]);
});

test('a partial of a feature is in its folder partials, and a page is not', () => {
  const templates = globSync('views/**/*.hbs');
  // Included by another view, or contributed to the page of another feature as a card.
  const included = new Set(
    [...templates, ...globSync('src/**/*.ts')].flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /\{\{#?> *([\w./-]+)|frame "([\w./-]+)"|\bcard\('([\w./-]+)'/g,
        ),
      ].map(([, partial, frame, card]) => partial ?? frame ?? card!),
    ),
  );
  const ofFeatures = templates.filter((file) => !SHARED_VIEWS.includes(file.split('/')[1]!));
  const misplaced = ofFeatures.filter((file) => {
    const name = file.slice('views/'.length, -'.hbs'.length);
    return included.has(name) !== name.includes('/partials/');
  });
  expect(misplaced).toEqual([]);
});

/** Words of core, by what shows them. */
const SHARED_TEXTS = ['back-office', 'csv', 'errors', 'layout', 'mail', 'validation'];

test('a file of texts is that of a feature, or one of those of core', () => {
  const known = new Set([...installedFeatures().map(({ name }) => name), ...SHARED_TEXTS]);
  const files = globSync('i18n/*/*').filter((file) => !known.has(basename(file, '.json')));
  expect(files).toEqual([]);
});

/** Folders right under `root` whose name is neither that of a feature nor among `others`. */
function unknownFolders(root: string, others: readonly string[]): string[] {
  const known = new Set([...installedFeatures().map(({ name }) => name), ...others]);
  const entries = globSync(`${root}/*`, { withFileTypes: true });
  return entries
    .filter((entry) => !(entry.isDirectory() && known.has(entry.name)))
    .map(({ name }) => name);
}

/** What of a feature `core` names nevertheless, and why. */
const PLATFORM: Record<string, string> = {
  '/admin/': 'the kit of the back office builds the addresses of its lists',
};

test('core names no address and no table of a feature', () => {
  const addresses = installedFeatures().map(({ name }) => `/${name}/`);
  const tables = installedFeatures().flatMap((feature) => Object.keys(feature.tables ?? {}));
  const inAddress = new RegExp(`['"\`](${addresses.join('|').replaceAll('/', '\\/')})`);
  const inSql = new RegExp(`\\b(?:FROM|JOIN|INTO|UPDATE|TABLE) (?:${tables.join('|')})\\b`);
  const core = files.filter((file) => file.startsWith('src/core/'));
  const named = core.flatMap((file) => {
    const code = withoutComments(readFileSync(file, 'utf8'));
    const address = inAddress.exec(code)?.[1];
    return [
      ...(address && !PLATFORM[address] ? [`${file}: ${address}`] : []),
      ...(inSql.exec(code) ?? []).map((sql) => `${file}: ${sql}`),
    ];
  });
  expect(core.length).toBeGreaterThan(100);
  expect(named).toEqual([]);
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

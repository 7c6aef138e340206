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

test('a folder of src is the platform, the commands, or a feature that declares itself there', () => {
  const features = installedFeatures().map(({ name }) => name);
  const folders = new Set(
    files.map((file) => file.split('/')[1]!).filter((name) => !name.endsWith('.ts')),
  );
  expect([...folders].sort()).toEqual(['commands', 'core', ...features].sort());
  expect(features.filter((name) => !existsSync(`src/${name}/${name}.feature.ts`))).toEqual([]);
});

test('core names nothing of the example module', () => {
  const core = files.filter(
    (file) => file.startsWith('src/core/') && basename(file) !== 'project-path.ts',
  );
  const named = core.filter((file) => /\bprojects\b|\bProject\b/.test(readFileSync(file, 'utf8')));
  expect(named).toEqual([]);
});

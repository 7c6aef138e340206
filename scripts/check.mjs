/**
 * npm run check [-- <name> …]: all static checks. Prints one line per check, and the output of failing ones.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { prepareForTests } from './support/steps.mjs';
import { bin, jestNodeOptions, root, runNode, seconds } from './support/project.mjs';

const sources = ['src', 'migrations', 'test', 'assets'].filter((name) =>
  existsSync(join(root, name)),
);
const typed = sources.filter((name) => name !== 'assets' || hasFile('assets/tsconfig.json'));
const cruised = sources.filter((name) => name === 'src' || name === 'migrations');

/** Longest checks first. */
const checks = {
  eslint: [bin('eslint'), '--max-warnings', '0', '--no-warn-ignored', ...typed],
  types: [bin('typescript', 'tsc'), '--noEmit', '--pretty', 'false'],
  'types of assets': hasFile('assets/tsconfig.json')
    ? [bin('typescript', 'tsc'), '--noEmit', '--pretty', 'false', '-p', 'assets']
    : undefined,
  format: [
    bin('prettier'),
    '--check',
    '--no-color',
    '--log-level',
    'warn',
    ...cache('prettier'),
    '.',
  ],
  dependencies: [
    bin('dependency-cruiser', 'depcruise'),
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'err',
    ...cruised,
  ],
  'architecture and i18n': [bin('jest'), '--ci', 'test/architecture', 'test/i18n'],
  oxlint: [bin('oxlint'), '--deny-warnings'],
  'size of a module': ['scripts/count-module.mjs'],
  'text keys': ['scripts/text-keys.mjs', '--check'],
  'configuration page': ['scripts/configuration-doc.mjs', '--check'],
  'lock file': ['scripts/check-lockfile.mjs'],
};

const asked = process.argv.slice(2);
const queue = Object.entries(checks).filter(
  ([name, args]) => args && (asked.length === 0 || asked.some((word) => name.includes(word))),
);
if (queue.length === 0) {
  console.error(`No such check. There are: ${Object.keys(checks).join(', ')}.`);
  process.exit(1);
}

const started = performance.now();
const failed = [];
if (queue.some(([, [script]]) => script === bin('jest'))) {
  const problem = await prepareForTests();
  if (problem) failed.push({ name: 'build', output: problem });
}
const workers = Math.min(4, Math.max(2, availableParallelism()));
await Promise.all(Array.from({ length: workers }, work));

for (const { name, output } of failed) console.log(`\n── ${name} ${'─'.repeat(70)}\n${output}`);
console.log(
  failed.length === 0
    ? `\nAll checks hold (${seconds(started)}).`
    : `\nNot in order: ${failed.map(({ name }) => name).join(', ')} (${seconds(started)}).`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work() {
  for (let next = queue.shift(); next; next = queue.shift()) await check(...next);
}

async function check(name, args) {
  const begun = performance.now();
  const { code, output } = await runNode(args, {
    env: { NODE_OPTIONS: jestNodeOptions, ATRIUM_TEST_ENGINE: 'embedded', FORCE_COLOR: '0' },
  });
  console.log(`${code === 0 ? '✓' : '✗'} ${name.padEnd(24)}${seconds(begun).padStart(8)}`);
  if (code !== 0) failed.push({ name, output: output || `ended with ${code}` });
}

function cache(name) {
  return ['--cache', '--cache-location', `node_modules/.cache/${name}/cache`];
}

function hasFile(path) {
  return existsSync(join(root, path));
}

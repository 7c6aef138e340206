/**
 * npm run check [-- <name> …]: all static checks, or those with such names (`--except=<name>`: all others). Prints one
 * line per check, and the output of failing ones.
 */
import { availableParallelism } from 'node:os';
import { prepareForTests } from './support/steps.mjs';
import { bin, jestNodeOptions, runNode, seconds } from './support/project.mjs';

/** Longest checks first. */
const checks = {
  'architecture and i18n': [bin('jest'), '--ci', 'test/architecture', 'test/i18n'],
  types: [bin('typescript', 'tsc'), '--noEmit', '--pretty', 'false'],
  'types of assets': [bin('typescript', 'tsc'), '--noEmit', '--pretty', 'false', '-p', 'assets'],
  format: [
    bin('prettier'),
    '--check',
    '--no-color',
    '--log-level',
    'warn',
    ...cache('prettier'),
    '.',
  ],
  oxlint: [bin('oxlint'), '--deny-warnings'],
  dependencies: [
    bin('dependency-cruiser', 'depcruise'),
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'err',
    'src',
    'migrations',
  ],
  'size of a module': ['scripts/count-module.mjs'],
  'text keys': ['scripts/text-keys.mjs', '--check'],
  'configuration page': ['scripts/configuration-doc.mjs', '--check'],
  'lock file': ['scripts/check-lockfile.mjs'],
};

const words = process.argv.slice(2);
const except = words.flatMap((word) => /^--except=(.+)$/.exec(word)?.[1] ?? []);
const asked = words.filter((word) => !word.startsWith('--except='));
const queue = Object.entries(checks).filter(([name]) => {
  const isNamed = (word) => name.includes(word);
  return (asked.length === 0 || asked.some(isNamed)) && !except.some(isNamed);
});
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

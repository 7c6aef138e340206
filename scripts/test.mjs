/**
 * npm test [-- <jest arguments>]: every test on the embedded engine and, where a PostgreSQL server
 * can be used, the same tests again there. ATRIUM_TEST_ENGINE=embedded|server keeps it to one.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, jestNodeOptions, runNode, seconds } from './support/project.mjs';
import { prepareForTests } from './support/steps.mjs';
import { findServer } from './support/postgres.mjs';

const jestArguments = process.argv.slice(2);
const wanted = process.env.ATRIUM_TEST_ENGINE;
const reports = mkdtempSync(join(tmpdir(), 'atrium-test-'));

const failure = await prepareForTests();
if (failure) fail(failure);
const engines = await chooseEngines();
const runs = [];
for (const engine of engines) runs.push(await run(engine));
rmSync(reports, { recursive: true, force: true });
summarise();

async function chooseEngines() {
  const embedded = { name: 'embedded', title: 'the embedded engine (PGlite)' };
  if (wanted === 'embedded') return [embedded];

  const found = await findServer(process.env.TEST_DATABASE_URL);
  if (found.problem) fail(`TEST_DATABASE_URL cannot be used: ${found.problem}`);
  if (!found.url) {
    if (wanted === 'server') fail('No PostgreSQL server was found. Set TEST_DATABASE_URL.');
    console.log('No PostgreSQL server answers here; set TEST_DATABASE_URL to test on one too.');
    return [embedded];
  }
  const server = { name: 'server', title: `PostgreSQL ${found.version} server`, url: found.url };
  return wanted === 'server' ? [server] : [embedded, server];
}

async function run({ name, title, url }) {
  const started = performance.now();
  const report = join(reports, `${name}.json`);
  console.log(`\nTests on ${title}\n`);
  const { code } = await runNode(
    [bin('jest'), '--passWithNoTests', '--json', '--outputFile', report, ...jestArguments],
    {
      inherit: true,
      // Giving back the memory of the embedded engine takes a worker longer than Jest's half second.
      hush: /^A worker process has failed to exit gracefully/,
      env: {
        NODE_OPTIONS: jestNodeOptions,
        ATRIUM_TEST_ENGINE: name,
        TEST_DATABASE_URL: url ?? '',
      },
    },
  );
  return { title, code, time: seconds(started), ...count(report) };
}

/** A file that could not run at all holds no tests: it counts as one failure. */
function count(report) {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** The last line is read by continuous integration: "N passed, N failed", alone on its line. */
function summarise() {
  console.log('');
  for (const { title, time, ...counts } of runs) {
    console.log(`Ran on ${title} in ${time}: ${words(counts)}`);
  }
  const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  if (runs.some(({ code }) => code !== 0) || total.failed > 0) process.exitCode = 1;
  // Of a choice of tests, all may be about the other engine.
  const isEmpty = ({ passed, failed, skipped }) => passed + failed + skipped === 0;
  if (jestArguments.length > 0 ? runs.every(isEmpty) : runs.some(isEmpty)) {
    console.log('No test ran.');
    process.exitCode = 1;
  }
  console.log(words(total));
}

function words({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function fail(message) {
  console.error(message);
  console.log('0 passed, 1 failed');
  rmSync(reports, { recursive: true, force: true });
  process.exit(1);
}

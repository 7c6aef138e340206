/**
 * npm test [-- <jest arguments>]: every test on the embedded engine and, where a PostgreSQL server
 * can be used, the same tests again there. ATRIUM_TEST_ENGINE=embedded|server keeps it to one.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bin, jestNodeOptions, root, runNode, seconds } from './support/project.mjs';
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

async function run(engine) {
  const started = performance.now();
  const result = await jest(engine, jestArguments);
  return { ...result, title: engine.title, time: seconds(started) };
}

async function jest({ name, title, url }, jestArgs) {
  const report = join(reports, `${name}.json`);
  console.log(`\nTests on ${title}\n`);
  const { code } = await runNode(
    [bin('jest'), '--passWithNoTests', '--json', '--outputFile', report, ...jestArgs],
    {
      inherit: true,
      // Giving back the memory of the embedded engine takes a worker longer than Jest's half second.
      hush: /^A worker process has failed to exit gracefully/,
      env: {
        NODE_OPTIONS: jestNodeOptions,
        ATRIUM_TEST_ENGINE: name,
        TEST_DATABASE_URL: url ?? '',
        // Where the run on one engine leaves what that on the next one uses.
        ...(engines.length > 1 ? { ATRIUM_TEST_FOLDER: reports } : {}),
      },
    },
  );
  return { code, ...count(report) };
}

/** A file that could not run at all holds no tests: it counts as one failure. */
function count(report) {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
      lacksBrowser: result.testResults.some(needsBrowser),
      slowest: slowest(result.testResults),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, slowest: '' };
  }
}

/** The files that took longest, where a choice of many ran. */
function slowest(files) {
  if (files.length < 20) return '';
  return files
    .map(({ name, startTime, endTime }) => ({ name, took: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.took - a.took)
    .slice(0, 5)
    .map(({ name, took }) => `${relative(join(root, 'test'), name)} ${took.toFixed(0)} s`)
    .join(', ');
}

/** Whether all tests of this file were left out, which happens to those of the browser only. */
function needsBrowser({ name, assertionResults }) {
  const isSkipped =
    assertionResults.length > 0 && assertionResults.every(({ status }) => status === 'pending');
  return isSkipped && relative(root, name).startsWith(join('test', 'browser'));
}

/** The last line is read by continuous integration: "N passed, N failed", alone on its line. */
function summarise() {
  console.log('');
  for (const { title, time, slowest: files, ...counts } of runs) {
    console.log(`Ran on ${title} in ${time}: ${words(counts)}`);
    if (files) console.log(`The slowest files there: ${files}`);
  }
  if (runs.some(({ lacksBrowser }) => lacksBrowser)) {
    console.log('No Chromium was found (CHROMIUM_PATH): the tests in a real browser were skipped.');
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

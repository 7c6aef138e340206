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
/** More files than these do not fail by chance. */
const AGAIN = 3;
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
  let result = await jest(engine, jestArguments);
  const { files } = result;
  if (process.env.CI && files.length > 0 && files.length <= AGAIN) {
    result = await onceMore(engine, result);
  }
  return { ...result, title: engine.title, time: seconds(started) };
}

/**
 * A machine that others use too may be too busy for a test that waits: a few files that failed run
 * once more, alone. What is wrong fails again; what passes now is named, so that somebody looks at it.
 */
async function onceMore(engine, first) {
  const files = first.files.map((file) => relative(root, file));
  console.log(`\nOnce more, alone: ${files.join(', ')}\n`);
  const second = await jest(engine, ['--runInBand', '--runTestsByPath', ...files]);
  if (second.code !== 0) return first;
  return {
    code: 0,
    passed: first.passedElsewhere + second.passed,
    failed: 0,
    skipped: first.skippedElsewhere + second.skipped,
    lacksBrowser: first.lacksBrowser,
    unsteady: files,
  };
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
      },
    },
  );
  return { code, ...count(report) };
}

/** A file that could not run at all holds no tests: it counts as one failure. */
function count(report) {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    const elsewhere = result.testResults.filter(({ status }) => status !== 'failed');
    const tests = elsewhere.flatMap(({ assertionResults }) => assertionResults);
    const passedElsewhere = tests.filter(({ status }) => status === 'passed').length;
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
      files: result.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name),
      passedElsewhere,
      skippedElsewhere: tests.length - passedElsewhere,
      lacksBrowser: result.testResults.some(needsBrowser),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, files: [] };
  }
}

/** Whether tests of this file were left out, which happens to those of the browser only. */
function needsBrowser({ name, assertionResults }) {
  const isSkipped = assertionResults.some(({ status }) => status === 'pending');
  return isSkipped && relative(root, name).startsWith(join('test', 'browser'));
}

/** The last line is read by continuous integration: "N passed, N failed", alone on its line. */
function summarise() {
  console.log('');
  for (const { title, time, unsteady, ...counts } of runs) {
    console.log(`Ran on ${title} in ${time}: ${words(counts)}`);
    if (unsteady) console.log(`Passed only at the second try: ${unsteady.join(', ')}`);
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

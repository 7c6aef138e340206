import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** How long the database below takes to be made on a machine with two cores and nothing else to do, in ms. */
const USUAL = { embedded: 6_500, server: 4_000 };
/** The limit of a test where nothing is said, in ms. */
const TIMEOUT = 60_000;

/**
 * Makes the database all test files copy (`template.mjs`), and takes from it how slow the machine is: the
 * limits of tests are so many times as long.
 */
export default function setUp() {
  const started = performance.now();
  const name = execFileSync(process.execPath, [join(import.meta.dirname, 'template.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'test' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const engine = process.env.ATRIUM_TEST_ENGINE === 'server' ? 'server' : 'embedded';
  process.env.ATRIUM_TEST_TEMPLATE = name;

  const asked = process.env.ATRIUM_TEST_TIMEOUT;
  const slowness = asked ? Number(asked) / TIMEOUT : (performance.now() - started) / USUAL[engine];
  process.env.ATRIUM_TEST_SLOWNESS = String(Math.max(1, slowness));
}

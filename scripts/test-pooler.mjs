/**
 * npm run test:pooler [-- <jest arguments>]: the tests on a PostgreSQL server, the application behind PgBouncer in
 * transaction mode with prepared statements. What tests do as the owner goes to the server itself.
 */
import { runNode } from './support/project.mjs';
import { findServer } from './support/postgres.mjs';
import { findPgBouncer, startPooler } from '../test/support/pooler.ts';

const program = findPgBouncer();
if (typeof program === 'string') fail(program);
const server = await findServer(process.env.TEST_DATABASE_URL);
if (!server.url)
  fail(server.problem ?? 'No PostgreSQL server answers here: set TEST_DATABASE_URL.');

const pooler = await startPooler(program, new URL(server.url));
const { code } = await runNode(['scripts/test.mjs', ...process.argv.slice(2)], {
  inherit: true,
  env: {
    ATRIUM_TEST_ENGINE: 'server',
    TEST_DATABASE_URL: server.url,
    TEST_POOLER: pooler.host,
  },
});
const { transactions } = await pooler.figures();
await pooler.stop();
console.log(`${transactions} transactions went through PgBouncer ${program.version}.`);
process.exitCode = code;

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

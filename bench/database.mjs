/**
 * npm run bench:database [-- --rounds 5 --seconds 2 --only me,save --pooled]: how much processor time a request costs
 * PostgreSQL, beside what it costs Atrium and, with --pooled, PgBouncer; the same of the hand-written server; and the
 * memory of a connection that has run everything.
 * BENCH_DATABASE_URL names the PostgreSQL server, which has to be on this machine. Linux, as root.
 */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { findServer } from '../scripts/support/postgres.mjs';
import { prepareForTests } from '../scripts/support/steps.mjs';
import { findPgBouncer, startPooler } from '../test/support/pooler.ts';
import { load } from './support/load.mjs';
import { backends, processorTime } from './support/processor-time.mjs';
import { median, range } from './support/ranges.mjs';
import { WORKS } from './support/works.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string', default: 'me,dashboard,members,role,save' },
    pooled: { type: 'boolean', default: false },
  },
});
const works = WORKS.filter(({ name }) => values.only.split(',').includes(name));
/** Rounds that are not counted. */
const WARM_UP = 3;

const program = values.pooled ? findPgBouncer() : null;
if (typeof program === 'string') throw new Error(program);
const failure = await prepareForTests();
if (failure) throw new Error(failure);
const { seededDatabase } = await import('./support/database.mjs');
const { start } = await import('./support/contestants.mjs');
const { showing, signingKey } = await import('./support/credentials.mjs');

const { url, problem } = await findServer(process.env.BENCH_DATABASE_URL);
if (!url) throw new Error(problem ?? 'No PostgreSQL server answers: set BENCH_DATABASE_URL');
const database = await seededDatabase(url);
const observer = new pg.Client({ connectionString: url });
const running = [];
try {
  await observer.connect();
  await main();
} finally {
  for (const each of running.reverse()) await each.stop();
  await observer.end();
  await database.drop();
}

async function main() {
  const pooler = program && (await startPooler(program, new URL(database.url), 10));
  if (pooler) running.push(pooler);
  const key = await signingKey(database.url);
  const through = new URL(database.url);
  if (pooler) through.host = pooler.host;
  const ways = {
    raw: { DATABASE_URL: database.url, PGAPPNAME: 'raw' },
    atrium: pooler
      ? { DATABASE_URL: through.href, DIRECT_DATABASE_URL: database.url }
      : { DATABASE_URL: database.url },
  };
  const contestants = [];
  for (const [name, way] of Object.entries(ways)) {
    contestants.push(await start(name, { ...way, PUBLIC_KEY: key.publicPem }));
    running.push(contestants.at(-1));
  }
  const atrium = contestants.at(-1);
  const { people } = database;
  const form = await showing(people, key, atrium.url);
  const costs = new Map(works.map(({ name }) => [name, { raw: [], atrium: [] }]));
  for (let round = -WARM_UP; round < Number(values.rounds); round++) {
    for (const work of works) {
      for (const contestant of contestants) {
        const requests = work.requests(people, form, database.rows);
        const cost = await costOf(work, requests, contestant, pooler);
        if (round >= 0) costs.get(work.name)[contestant.name].push(cost);
      }
    }
  }
  print(costs, pooler);
  const memory = (await backends(observer, database.url, 'atrium')).map(privateMegabytes);
  console.log(`Memory of a connection of PostgreSQL: ${range(memory)} MB`);
}

function print(costs, pooler) {
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
  const middle = (all, who) => Math.round(median(all.map((cost) => cost[who])));
  row([
    ...['µs of a request', 'hand-written', 'its PostgreSQL', 'Atrium', 'its PostgreSQL'],
    ...(pooler ? ['PgBouncer'] : []),
    'Atrium : its PostgreSQL',
  ]);
  for (const { name, title } of works) {
    const { raw, atrium } = costs.get(name);
    row([
      title,
      ...[raw, atrium].flatMap((all) => [middle(all, 'process'), middle(all, 'database')]),
      ...(pooler ? [middle(atrium, 'pooler')] : []),
      range(atrium.map((cost) => cost.process / cost.database)),
    ]);
  }
}

/** Microseconds of processor time per request. */
async function costOf(work, requests, { name, url: address, pid }, pooler) {
  const pids = await backends(observer, database.url, name);
  const spent = () => ({
    process: processorTime([pid]),
    database: processorTime(pids),
    pooler: pooler ? processorTime([pooler.pid]) : 0,
  });
  const before = spent();
  const { total } = await load({
    name,
    url: address,
    requests,
    connections: work.connections ?? 32,
    seconds: Number(values.seconds),
    status: work.status ?? 200,
  });
  const after = spent();
  return Object.fromEntries(
    Object.keys(after).map((who) => [who, (after[who] - before[who]) / total]),
  );
}

function privateMegabytes(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = [...rollup.matchAll(/^Private_\w+:\s+(\d+)/gm)].reduce(
    (sum, [, kB]) => sum + Number(kB),
    0,
  );
  return kilobytes / 1024;
}

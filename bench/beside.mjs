/**
 * npm run bench [-- --rounds 3 --seconds 4 --only me,dashboard]: Atrium beside a hand-written server
 * and textbook NestJS + TypeORM, on the same data, in turns. Prints ratios, never seconds to compare
 * with another day's. BENCH_DATABASE_URL names the PostgreSQL server; default: the one of this machine.
 */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findServer } from '../scripts/support/postgres.mjs';
import { compileFolder } from '../scripts/support/compile.mjs';
import { prepareForTests } from '../scripts/support/steps.mjs';
import { findPgBouncer, startPooler } from '../test/support/pooler.ts';
import { MEMBERS_EACH, TENANTS } from './support/figures.mjs';
import { load } from './support/load.mjs';
import { median, range } from './support/ranges.mjs';
import { WORKS } from './support/works.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: WORKS.map(({ name }) => name).join(',') },
    // `pooled`: Atrium behind PgBouncer in transaction mode (PGBOUNCER_PATH).
    contestants: { type: 'string', default: 'raw,textbook,atrium' },
  },
});
const wanted = new Set(values.only.split(','));
const works = WORKS.filter(({ name }) => wanted.has(name));
const names = values.contestants.split(',');

/** Rounds that are not counted: V8 goes on compiling what is used for some 15 s of work. */
const WARM_UP = 4;

const failure = await prepareForTests();
if (failure) throw new Error(failure);
await compileFolder('bench/textbook');
const { seededDatabase } = await import('./support/database.mjs');
const { start } = await import('./support/contestants.mjs');
const { showing, signingKey } = await import('./support/credentials.mjs');

const pooler = names.includes('pooled') ? findPgBouncer() : null;
if (typeof pooler === 'string') throw new Error(pooler);

const { url, problem } = await findServer(process.env.BENCH_DATABASE_URL);
if (!url) throw new Error(problem ?? 'No PostgreSQL server answers: set BENCH_DATABASE_URL');
console.log(`Seeding ${TENANTS * MEMBERS_EACH} members in ${TENANTS} organisations …`);
const database = await seededDatabase(url);
const running = [];
try {
  await main();
} finally {
  for (const contestant of running.reverse()) await contestant.stop();
  await database.drop();
}

async function main() {
  const key = await signingKey(database.url);
  const { people } = database;
  const contestants = [];
  for (const name of names) {
    const way = name === 'pooled' ? await throughPooler() : { DATABASE_URL: database.url };
    contestants.push(await start(name, { ...way, PUBLIC_KEY: key.publicPem }));
    running.push(contestants.at(-1));
  }
  const atrium = contestants.find(({ name }) => name === 'atrium');
  const form = await showing(people, key, atrium.url);
  const speeds = new Map(works.map(({ name }) => [name, new Map(names.map((each) => [each, []]))]));
  for (let round = 1 - WARM_UP; round <= Number(values.rounds); round++) {
    for (const work of works) {
      for (const contestant of rotated(contestants, round + WARM_UP)) {
        if (work.by && !work.by.includes(contestant.name.replace('pooled', 'atrium'))) continue;
        const { perSecond } = await load({
          name: contestant.name,
          url: contestant.url,
          requests: work.requests(people, form, database.rows),
          connections: work.connections ?? 32,
          seconds: Number(values.seconds),
          status: work.status ?? 200,
        });
        if (round > 0) speeds.get(work.name).get(contestant.name).push(perSecond);
      }
    }
    if (round === 0) process.stdout.write('Warm. Rounds: ');
    else if (round > 0) process.stdout.write(`${round} `);
  }
  console.log('\n');
  printTable(speeds);
  console.log(`Memory of Atrium after the load: ${residentMegabytes(atrium.pid)} MB`);
}

/** The same number of connections to the server as the others have. */
async function throughPooler() {
  const own = await startPooler(pooler, new URL(database.url), 10);
  running.push(own);
  const through = new URL(database.url);
  through.host = own.host;
  return { DATABASE_URL: through.href, DIRECT_DATABASE_URL: database.url };
}

/** Whoever goes first in a round goes later in the next. */
function rotated(list, by) {
  return list.map((_, index) => list[(index + by) % list.length]);
}

function printTable(speeds) {
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
  row(['work', 'hand-written, per second', ...names.filter((n) => n !== 'raw'), 'aim', 'then']);
  row(['---', '---:', ...names.filter((n) => n !== 'raw').map(() => '---:'), '---:', '---:']);
  for (const { name, title, aim, hoped } of works) {
    const own = speeds.get(name);
    const raw = own.get('raw') ?? [];
    const shares = names
      .filter((each) => each !== 'raw')
      .map((each) => share(own.get(each).map((speed, round) => speed / (raw[round] ?? 1))));
    row([title, Math.round(median(raw)), ...shares, aim.toFixed(2), hoped.toFixed(2)]);
  }
  console.log('');
}

/** `0.61 (0.58–0.63)`: the middle of the rounds, and their range; a dash where it was not measured. */
function share(ratios) {
  if (ratios.length === 0) return '—';
  const digits = ratios.some((ratio) => ratio > 10) ? 0 : 2;
  return range(ratios, digits);
}

function residentMegabytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

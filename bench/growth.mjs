/**
 * npm run bench -- --growth [--rounds 5 --seconds 2 --only me,save --sizes 2000x50,20000x50,200000x5]: what a request
 * costs Atrium and PostgreSQL in processor time where there are few organisations and where there are many
 * (organisations x members of each), all in one run, by turns. The organisations that are asked for have `members of
 * each` members: their own size is in the figures, too. Seeding a million members takes minutes and 3 GB.
 * BENCH_DATABASE_URL names the PostgreSQL server, which has to be on this machine. Linux, as root.
 */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { findServer } from '../scripts/support/postgres.mjs';
import { seconds as secondsSince } from '../scripts/support/project.mjs';
import { prepareForTests } from '../scripts/support/steps.mjs';
import { load } from './support/load.mjs';
import { backends, processorTime } from './support/processor-time.mjs';
import { median, range } from './support/ranges.mjs';
import { WORKS } from './support/works.mjs';

const { values } = parseArgs({
  options: {
    growth: { type: 'boolean' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string', default: 'me,dashboard,members,register,role,save' },
    sizes: { type: 'string', default: '2000x50,20000x50,200000x5' },
  },
});
const works = WORKS.filter(({ name }) => values.only.split(',').includes(name));
const sizes = values.sizes.split(',').map((size) => {
  const [tenants, membersEach] = size.split('x').map(Number);
  if (!(tenants >= 16 && membersEach >= 1)) throw new Error(`"${size}" is no size: write 2000x50`);
  return { tenants, membersEach };
});
/** Rounds that are not counted. */
const WARM_UP = 3;

const failure = await prepareForTests();
if (failure) throw new Error(failure);
const { seededDatabase } = await import('./support/database.mjs');
const { start } = await import('./support/contestants.mjs');
const { showing, signingKey } = await import('./support/credentials.mjs');

const { url, problem } = await findServer(process.env.BENCH_DATABASE_URL);
if (!url) throw new Error(problem ?? 'No PostgreSQL server answers: set BENCH_DATABASE_URL');
const observer = new pg.Client({ connectionString: url });
const worlds = [];
try {
  await observer.connect();
  for (const size of sizes) worlds.push(await world(size));
  print(await measured());
} finally {
  for (const { atrium, database } of worlds) {
    await atrium.stop();
    await database.drop();
  }
  await observer.end();
}

async function world(size) {
  const started = performance.now();
  const { tenants, membersEach } = size;
  const database = await seededDatabase(url, size);
  const key = await signingKey(database.url);
  const way = { DATABASE_URL: database.url, PUBLIC_KEY: key.publicPem };
  const atrium = await start('atrium', way);
  console.log(
    `${tenants} organisations of ${membersEach} members: seeded in ${secondsSince(started)}`,
  );
  return { size, database, key, atrium };
}

/** Costs of each work in each world, by round. */
async function measured() {
  for (const one of worlds) {
    one.form = await showing(one.database.people, one.key, one.atrium.url);
  }
  const costs = new Map(works.map(({ name }) => [name, worlds.map(() => [])]));
  for (let round = -WARM_UP; round < Number(values.rounds); round++) {
    for (const work of works) {
      for (const [at, one] of worlds.entries()) {
        const cost = await costOf(work, one);
        if (round >= 0) costs.get(work.name)[at].push(cost);
      }
    }
  }
  return costs;
}

/** Microseconds of processor time per request. */
async function costOf(work, { atrium, database, form }) {
  const pids = await backends(observer, database.url, 'atrium');
  const spent = () => [processorTime([atrium.pid]), processorTime(pids)];
  const before = spent();
  const { total } = await load({
    name: `${work.name} in ${database.url}`,
    url: atrium.url,
    requests: work.requests(database.people, form, database.rows),
    connections: work.connections ?? 32,
    seconds: Number(values.seconds),
    status: work.status ?? 200,
  });
  const [own, databases] = spent().map((after, at) => (after - before[at]) / total);
  return { own, database: databases, all: own + databases };
}

function print(costs) {
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
  const middle = (rounds, who) => Math.round(median(rounds.map((cost) => cost[who])));
  console.log(
    '\nµs of a request, Atrium + PostgreSQL, and the last size as a multiple of the first',
  );
  row([
    'work',
    ...sizes.map(({ tenants, membersEach }) => `${tenants} x ${membersEach}`),
    'growth',
  ]);
  row(['---', ...sizes.map(() => '---:'), '---:']);
  for (const { name, title } of works) {
    const all = costs.get(name);
    const largest = all.at(-1).map((cost, round) => cost.all / all[0][round].all);
    row([
      title,
      ...all.map((rounds) => `${middle(rounds, 'own')} + ${middle(rounds, 'database')}`),
      range(largest, 2),
    ]);
  }
}

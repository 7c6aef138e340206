/**
 * npm run bench:compare -- ../other-checkout [--works dashboard,me --rounds 100 --burst 60]: this checkout
 * and others (each installed and built) side by side on one database, in short bursts by turns. Prints, for
 * each, the processor time of its process per request and how it relates to this one's in the same round:
 * median ± 95 %. Name a copy of this checkout as well: how far two equal builds are apart is the noise. Linux only.
 */
import 'reflect-metadata';
import { Agent, get } from 'node:http';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/support/project.mjs';
import { findServer } from '../scripts/support/postgres.mjs';
import { prepareForTests } from '../scripts/support/steps.mjs';
import { processorTime } from './support/processor-time.mjs';
import { median } from './support/ranges.mjs';
import { WORKS } from './support/works.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    works: { type: 'string', default: 'me,dashboard,members' },
    rounds: { type: 'string', default: '100' },
    burst: { type: 'string', default: '60' },
  },
});
const wanted = values.works.split(',');
const works = WORKS.filter(({ name, status }) => wanted.includes(name) && !status);
const [rounds, burst] = [Number(values.rounds), Number(values.burst)];

/** Bursts that are not counted: V8 goes on compiling what is used. */
const WARM_UP = 40;
const CONNECTIONS = 16;

const failure = await prepareForTests();
if (failure) throw new Error(failure);
const { seededDatabase } = await import('./support/database.mjs');
const { PROGRAMS, start } = await import('./support/contestants.mjs');
const { bearer, browserCookies, signingKey } = await import('./support/credentials.mjs');

const { url, problem } = await findServer(process.env.BENCH_DATABASE_URL);
if (!url) throw new Error(problem ?? 'No PostgreSQL server answers: set BENCH_DATABASE_URL');
const database = await seededDatabase(url);
const running = [];
try {
  const key = await signingKey(database.url);
  for (const folder of [root, ...positionals.map((path) => resolve(path))]) {
    PROGRAMS[folder] = ['--enable-source-maps', join(folder, 'dist/src/main.js')];
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const env = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '5' };
    running.push({ ...(await start(folder, env)), agent, asked: 0 });
  }
  const people = database.people.map((person) => ({ ...person, bearer: bearer(person, key) }));
  for (const person of people) person.cookies = await browserCookies(running[0].url, person);
  for (const work of works) await compare(work, work.requests(people));
} finally {
  for (const contestant of running) await contestant.stop();
  await database.drop();
}

async function compare({ title }, requests) {
  const costs = new Map(running.map(({ name }) => [name, []]));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const contestant of running.toSorted(() => Math.random() - 0.5)) {
      const cost = await costOf(contestant, requests);
      if (round >= 0) costs.get(contestant.name).push(cost);
    }
  }
  console.log(`\n${title}`);
  const [own] = costs.values();
  for (const [name, all] of costs) {
    const ratios = all.map((cost, round) => cost / own[round]);
    const middle = median(ratios);
    // Of the median, by the median absolute deviation: a burst that a neighbour disturbed weighs little.
    const deviation = 1.4826 * median(ratios.map((ratio) => Math.abs(ratio - middle)));
    const range = (1.96 * 1.2533 * deviation) / Math.sqrt(rounds);
    const relation = `${middle.toFixed(3)} ± ${range.toFixed(3)}`;
    console.log(`  ${Math.round(median(all))} µs  ${relation}  ${name}`);
  }
}

/** Microseconds of processor time per request, over all threads of the process. */
async function costOf(contestant, requests) {
  const before = processorTime([contestant.pid]);
  let left = burst;
  const client = async () => {
    while (left-- > 0) await ask(contestant, requests[contestant.asked++ % requests.length]);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return (processorTime([contestant.pid]) - before) / burst;
}

function ask({ url: address, agent, name }, { path, headers }) {
  return new Promise((done, fail) => {
    get(address + path, { agent, headers }, (answer) => {
      if (answer.statusCode !== 200) fail(new Error(`${name}: ${path} is ${answer.statusCode}`));
      answer.resume().on('end', done);
    }).on('error', fail);
  });
}

/**
 * npm run bench:notifications [-- --count 10000 --connections 4 --rate 300]: notifications of a payment provider
 * to `POST /api/webhooks/sandbox`, to a process of its own on a database of its own. First as fast as they are
 * taken, then at a steady rate. Prints how many are stored in a second, how long each took (from the first byte
 * sent to the last received: more than our own time) and the processor time of the process.
 * BENCH_DATABASE_URL names the PostgreSQL server; default: the one of this machine.
 */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ownDatabase } from './support/own-database.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '4' },
    rate: { type: 'string', default: '300' },
    warm: { type: 'string', default: '3000' },
  },
});
const [count, connections, rate, warm] = ['count', 'connections', 'rate', 'warm'].map((name) =>
  Number(values[name]),
);
const CUSTOMERS = 500;
/** Seconds of the steady part. */
const STEADY = 10;

const own = await ownDatabase();
const { readConfig } = await import('../dist/src/core/config/read-config.js');
const { DatabaseServer } = await import('../dist/src/core/database/database-server.js');
const { prepareDatabase } = await import('../dist/src/prepare-database.js');
const { signature, SIGNATURE_HEADER } =
  await import('../dist/src/billing/sandbox/sandbox-signature.js');
const { start } = await import('./support/contestants.mjs');
const { SECRET } = await import('./support/credentials.mjs');

try {
  await main();
} finally {
  await own.drop();
}

async function main() {
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: own.url });
  await prepareDatabase(config, DatabaseServer.remote(own.url));
  // The sandbox is refused in production; the log is written as there.
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'info', BILLING_PROVIDER: 'sandbox' };
  const atrium = await start('atrium', { DATABASE_URL: own.url, ...env });
  const agent = new Agent({ keepAlive: true });
  const send = (body) => answered(atrium.url, agent, body);
  try {
    await asFastAs(connections, send, warm);
    const before = processorTime(atrium.pid);
    const began = performance.now();
    const times = await asFastAs(connections, send, count);
    const took = (performance.now() - began) / 1000;
    const cpu = (processorTime(atrium.pid) - before) / count;
    const steady = await atRate(rate, send, rate * STEADY);
    const taken = steady.filter((time) => time !== null);
    await requireAll(warm + count + taken.length);
    const load = loadavg().map((each) => each.toFixed(1));
    console.log(
      [
        `${count} notifications by ${connections} connections: ${(count / took).toFixed(0)} stored per second`,
        `  each took ${figures(times)}; ${(cpu * 1000).toFixed(0)} µs of the processor in our process`,
        `${steady.length} at ${rate} per second: each took ${figures(taken)}; ${steady.length - taken.length} were put off (503)`,
        `all that were taken are in the ledger once, with one job each; load of the machine ${load.join(', ')}`,
      ].join('\n'),
    );
  } finally {
    agent.destroy();
    await atrium.stop();
  }
}

async function asFastAs(senders, send, total) {
  const times = [];
  let left = total;
  const sends = async () => {
    while (left-- > 0) {
      const time = await send(notification());
      if (time === null) throw new Error('A notification was put off (503)');
      times.push(time);
    }
  };
  await Promise.all(Array.from({ length: senders }, sends));
  return times;
}

/** Whatever takes long does not hold back the next: that would hide it. */
async function atRate(perSecond, send, total) {
  const began = performance.now();
  const sent = [];
  while (sent.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
    while (sent.length < due) {
      const one = send(notification());
      // What is thrown is thrown by `Promise.all` below.
      one.catch(() => undefined);
      sent.push(one);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return Promise.all(sent);
}

function notification() {
  const customer = Math.floor(Math.random() * CUSTOMERS);
  return JSON.stringify({
    id: `evt_${randomUUID()}`,
    type: 'customer.updated',
    object_id: `sub_${customer}`,
    customer_id: `cus_${customer}`,
    live: false,
    created_at: new Date().toISOString(),
  });
}

/** Milliseconds until it was answered; null where the application is too busy, and is to be told again. */
function answered(base, agent, body) {
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    [SIGNATURE_HEADER]: signature(body, SECRET),
  };
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = request(
      `${base}/api/webhooks/sandbox`,
      { method: 'POST', agent, headers },
      (res) => {
        res.resume().once('end', () => {
          if (res.statusCode === 200) resolve(performance.now() - began);
          else if (res.statusCode === 503) resolve(null);
          else reject(new Error(`A notification was answered with ${res.statusCode}`));
        });
      },
    );
    sent.once('error', reject).end(body);
  });
}

function figures(times) {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

/** Milliseconds, of user and system, since the process began (proc(5): in hundredths of a second). */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function requireAll(wanted) {
  const pool = new pg.Client({ connectionString: own.url });
  await pool.connect();
  try {
    const { rows } = await pool.query(
      `SELECT (SELECT count(*)::int FROM billing_event) AS events,
         (SELECT count(DISTINCT data->'data'->>'eventId')::int FROM pgboss.job WHERE name = 'billing_event') AS jobs`,
    );
    const [{ events, jobs }] = rows;
    if (events !== wanted || jobs !== wanted) {
      throw new Error(`Of ${wanted} notifications ${events} are in the ledger, ${jobs} have a job`);
    }
  } finally {
    await pool.end();
  }
}

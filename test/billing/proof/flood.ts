import type { RequestListener } from 'node:http';
import type { TestApp } from '../../support/app.js';
import { Organisation } from '../organisation.js';
import { Books } from './books.js';
import { generator, shuffled } from './orders.js';
import { SEED, type Proof } from './print.js';
import { ENGINE } from '../../support/database.js';
import { cutWorkers, killWorkers, KILLS } from './killed-workers.js';
import { Sender } from './sender.js';

const [NOTIFICATIONS, CUSTOMERS, SENDERS, AGAIN] = [10_000, 20, 4, 10];

/** As many as are dealt with on the embedded engine, which does one transaction after another. */
const DEALT_EMBEDDED = 1_000;

/** 10,000 notifications, and one in ten of them twice: each is in the ledger once, with one job. */
export async function proveFlood(atrium: TestApp): Promise<Proof> {
  const problems: string[] = [];
  const customers: Organisation[] = [];
  for (let number = 0; number < CUSTOMERS; number++) {
    const org = await Organisation.make(atrium, `Flood${number}`);
    await org.subscribe('good', { plan: 'business', interval: 'month' });
    await new Books(org).sync();
    customers.push(org);
  }
  const sender = new Sender(atrium);
  const random = generator(SEED);
  const bodies = Array.from({ length: NOTIFICATIONS }, (_, number) =>
    sender.notification({
      ...{ type: 'flood', customer_id: customers[number % CUSTOMERS]!.customerId },
    }),
  );
  const copies = bodies.filter((_, number) => number % AGAIN === 0);
  const queue = shuffled([...bodies, ...copies], random);
  const own = timesOf(atrium);
  const began = performance.now();
  const sends = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const status = await sender.send(next.body);
      if (status !== 200) problems.push(`${next.id} was answered with ${status}`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sends));
  const took = (performance.now() - began) / 1000;
  const times = own.stop().sort((one, other) => one - other);
  const percentile = (share: number) => times[Math.floor(times.length * share)]!.toFixed(1);

  const ids = bodies.map(({ id }) => id);
  const count = async (sql: string) =>
    (await atrium.sql<{ count: number }>(sql, [ids]))[0]?.count ?? 0;
  const judge = (what: string, found: number) => {
    if (found !== NOTIFICATIONS) problems.push(`${found} ${what}`);
  };
  const events = 'SELECT count(*)::int AS count FROM billing_event WHERE event_id = ANY ($1)';
  const jobs = `FROM pgboss.job WHERE name = 'billing_event' AND data->'data'->>'eventId' = ANY ($1)`;
  judge('are in the ledger', await count(events));
  judge('have a job', await count(`SELECT count(*)::int AS count ${jobs}`));
  judge(
    'have a job of their own',
    await count(`SELECT count(DISTINCT data->'data'->>'eventId')::int AS count ${jobs}`),
  );
  const told = await toldOf(atrium, customers);
  const dealt = ENGINE === 'server' ? NOTIFICATIONS : DEALT_EMBEDDED;
  problems.push(
    ...(ENGINE === 'server'
      ? await killWorkers(atrium, NOTIFICATIONS)
      : await cutWorkers(atrium, ids.slice(0, dealt), random)),
  );
  const toldAfter = await toldOf(atrium, customers);
  if (toldAfter !== told) problems.push(`${toldAfter - told} changes were audited of nothing`);
  return {
    tried: [
      `${NOTIFICATIONS} notifications over HTTP and ${copies.length} of them again, by ${SENDERS} at once, seed ${SEED}`,
      `${(times.length / took).toFixed(0)} per second; our own time: median ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms`,
      'each is in the ledger once, and has one job',
      `${dealt} were dealt with, while the worker was ${ENGINE === 'server' ? 'killed (SIGKILL)' : 'cut off'} ${KILLS} times: none is lost, and nothing is audited twice`,
    ],
    problems,
  };
}

/** Other organisations of this database have jobs of their own, which the workers do as well. */
async function toldOf(atrium: TestApp, customers: readonly Organisation[]): Promise<number> {
  const [row] = await atrium.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM audit_entry
     WHERE action = 'subscription.changed' AND tenant_id = ANY ($1)`,
    [customers.map(({ tenantId }) => tenantId)],
  );
  return row!.count;
}

/** How long each notification was in the hands of the application, in ms. */
function timesOf({ server }: TestApp) {
  const times: number[] = [];
  const listen: RequestListener = (req, res) => {
    const began = performance.now();
    if (!req.url?.startsWith('/api/webhooks/')) return;
    res.once('finish', () => times.push(performance.now() - began));
  };
  server.prependListener('request', listen);
  return {
    stop: () => {
      server.off('request', listen);
      return times;
    },
  };
}

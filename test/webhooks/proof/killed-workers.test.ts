import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../process/support.js';
import { startApp, type TestApp } from '../../support/app.js';
import { ENGINE } from '../../support/database.js';
import { PASSWORD } from '../../support/people.js';
import { eventually } from '../../support/waiting.js';
import { startReceiver, verified } from '../receiver.js';

/** `npm run prove:webhooks` names a folder for what was tried, and tries all of it. */
const FOLDER = process.env.ATRIUM_PROOF_FOLDER;
const [EVENTS, KILLS] = FOLDER ? [10_000, 5] : [300, 1];
const ENDPOINTS = 10;

/** Attempts of one worker at a time (ADR 101): so many may have been sent and not written down when it is killed. */
const AT_A_TIME = 64;

/** A process can be killed only where the database is not in it. */
const onServer = ENGINE === 'server' ? test : test.skip;

interface Endpoint {
  id: string;
  path: string;
  secret: string;
}

let atrium: TestApp;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  receiver = await startReceiver();
  atrium = await startApp({ ROLE: 'web', OUTBOUND_INSECURE_HOSTS: receiver.host });
});
afterAll(async () => {
  await atrium.stop();
  await receiver.stop();
});

onServer(
  `of ${EVENTS} events none is lost when workers are killed, and the receiver can tell what came twice`,
  async () => {
    const endpoints = await addEndpoints();
    const events = await addEvents(endpoints);
    for (let kill = 1; kill <= KILLS; kill++) {
      await work(Math.floor((EVENTS * kill) / (KILLS + 1)), 'SIGKILL');
    }
    await work(EVENTS, 'SIGTERM');

    const messages = endpoints.flatMap(({ path }) => receiver.at(path));
    const ids = new Set(messages.map(({ headers }) => headers['webhook-id']));
    expect(events.filter((id) => !ids.has(id))).toEqual([]);
    expect(ids.size).toBe(EVENTS);
    const twice = messages.length - EVENTS;
    expect(twice).toBeLessThanOrEqual(KILLS * AT_A_TIME);
    for (const { path, secret } of endpoints) {
      for (const message of receiver.at(path).slice(-20)) verified(secret, message);
    }
    print(twice);
  },
  1_200_000,
);

async function addEndpoints(): Promise<Endpoint[]> {
  await atrium.people.adminOf('Acme', 'anna@acme.example');
  const client = await atrium.api().login('anna@acme.example', PASSWORD);
  const endpoints: Endpoint[] = [];
  for (let number = 0; number < ENDPOINTS; number++) {
    const path = `/${number}`;
    const made = await client.post('/webhook-endpoints', {
      url: receiver.url(path),
      events: ['member.joined'],
    });
    expect(made.status).toBe(201);
    endpoints.push({ id: made.body.id, secret: made.body.secret, path });
  }
  return endpoints;
}

/** Events as their changes commit them, each for one endpoint. Returns their ids. */
async function addEvents(endpoints: readonly Endpoint[]): Promise<string[]> {
  const rows = await atrium.sql<{ id: string }>(
    `WITH event AS (
       INSERT INTO webhook_event (id, tenant_id, type, body)
       SELECT gen_random_uuid(), t.id, 'member.joined', '{"type":"member.joined"}'
       FROM tenant t, generate_series(1, $1::int) WHERE t.organization = 'Acme'
       RETURNING id, tenant_id),
     numbered AS (SELECT id, tenant_id, row_number() OVER () AS number FROM event),
     delivery AS (
       INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_id, type)
       SELECT tenant_id, ($2::uuid[])[1 + number % ${ENDPOINTS}], id, 'member.joined' FROM numbered)
     SELECT id FROM event`,
    [EVENTS, endpoints.map(({ id }) => id)],
  );
  return rows.map(({ id }) => id);
}

/** A worker delivers until so many are delivered in all; then it gets the signal. */
async function work(until: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const worker = run('main.js', {
    ...{ NODE_ENV: 'test', ROLE: 'worker', LOG_LEVEL: 'warn' },
    ...{ APP_SECRET: atrium.config.secret, APP_URL: atrium.config.appUrl },
    ...{ ...atrium.database.settings, MIGRATE_ON_START: 'false' },
    ...{ PORT: '0', METRICS_PORT: '', DATA_DIR: atrium.config.DATA_DIR },
    OUTBOUND_INSECURE_HOSTS: receiver.host,
  });
  try {
    await eventually(async () => {
      if (worker.child.exitCode !== null) throw new Error(worker.output());
      return (await delivered()) >= until;
    }, 600);
  } finally {
    worker.child.kill(signal);
    await worker.ended;
  }
  // What it was at is due again after a minute: that is over.
  await atrium.sql(`UPDATE webhook_delivery SET next_attempt_at = now() WHERE state = 'sending'`);
}

async function delivered(): Promise<number> {
  const [row] = await atrium.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM webhook_delivery WHERE state = 'delivered'`,
  );
  return row!.count;
}

function print(twice: number): void {
  if (!FOLDER) return;
  const lines = [
    `Deliveries whose worker is killed, on the ${ENGINE} engine`,
    `${EVENTS} events to ${ENDPOINTS} endpoints, while the worker was killed (SIGKILL) ${KILLS} times`,
    `none is lost; ${twice} came twice, each with the webhook-id of the first`,
    'It holds.',
    '',
  ];
  writeFileSync(join(FOLDER, `${ENGINE}-killed-workers.txt`), lines.join('\n'));
}

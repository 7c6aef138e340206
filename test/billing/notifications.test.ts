import request from 'supertest';
import { signature } from '../../src/billing/sandbox/sandbox-signature.js';
import { startApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/waiting.js';
import { Organisation } from './organisation.js';

let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp({
    BILLING_PROVIDER: 'sandbox',
    METRICS_TOKEN: 'a token for the metrics',
  });
});
afterAll(() => atrium.stop());

interface Told {
  id?: string;
  live?: boolean;
  customer_id?: string | null;
}

let count = 0;
function notification({
  id = `evt_${(count += 1)}`,
  live = false,
  customer_id = 'cus_nobody',
}: Told = {}) {
  return JSON.stringify({
    ...{ id, type: 'customer.updated', object_id: 'cus_nobody', customer_id, live },
    created_at: new Date().toISOString(),
  });
}

function send(body: string, signed: string | null, path = '/api/webhooks/sandbox') {
  const sent = request(atrium.server).post(path).set('Content-Type', 'application/json');
  if (signed !== null) void sent.set('Sandbox-Signature', signed);
  return sent.send(body);
}

const sign = (body: string, at?: Date) => signature(body, atrium.config.secret, at);
const ledger = () => atrium.sql('SELECT * FROM billing_event ORDER BY event_id');

async function refused(outcome: string): Promise<number> {
  const { text } = await request(atrium.server)
    .get('/metrics')
    .set('Authorization', 'Bearer a token for the metrics');
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`atrium_billing_notifications_total{outcome="${outcome}"}`));
  return Number(line?.split(' ')[1] ?? 0);
}

test.each([
  ['unsigned', (body: string) => send(body, null)],
  ['bad_signature', (body: string) => send(body, signature(body, 'somebody else’s secret'))],
  ['bad_signature', (body: string) => send(body, 'nonsense')],
  ['bad_signature', (body: string) => send(`${body} `, sign(body))],
  ['stale', (body: string) => send(body, sign(body, new Date(Date.now() - 3_600_000)))],
  ['stale', (body: string) => send(body, sign(body, new Date(Date.now() + 3_600_000)))],
  ['unknown_provider', (body: string) => send(body, sign(body), '/api/webhooks/paymaster')],
])('a notification that is %s is refused, counted, and changes nothing', async (outcome, act) => {
  const [before, counted] = [await ledger(), await refused(outcome)];
  const answer = await act(notification());
  expect(answer.status).toBe(400);
  expect(answer.type).toBe('application/problem+json');
  expect(await refused(outcome)).toBe(counted + 1);
  expect(await ledger()).toEqual(before);
});

test('a notification of real money is refused where none is taken', async () => {
  const body = notification({ live: true });
  expect((await send(body, sign(body))).status).toBe(400);
  expect(await refused('foreign')).toBe(1);
});

test('a notification that is too large, or is none, is refused', async () => {
  const large = JSON.stringify({ filler: 'x'.repeat(300 * 1024) });
  expect((await send(large, sign(large))).status).toBe(400);
  expect(await refused('unreadable')).toBe(1);
  for (const body of ['', '[]', '{"id": 1}', '\u0000']) {
    expect((await send(body, sign(body))).status).toBe(400);
  }
  expect(await ledger()).toEqual([]);
});

test('a notification that comes twice is taken once, and both are told that it came', async () => {
  const body = notification({ id: 'evt_twice' });
  const answers = await Promise.all([1, 2, 3].map(() => send(body, sign(body))));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const rows = await atrium.sql(`SELECT 1 FROM billing_event WHERE event_id = 'evt_twice'`);
  expect(rows).toHaveLength(1);
});

test('a notification about a customer nobody knows is tried, and then parked for staff', async () => {
  const body = notification({ id: 'evt_unknown', customer_id: 'cus_unknown' });
  await send(body, sign(body));
  const attempts = async () => {
    const [row] = await atrium.sql<{ attempts: number; state: string }>(
      `SELECT attempts, state FROM billing_event WHERE event_id = 'evt_unknown'`,
    );
    return row!;
  };
  await eventually(async () => (await attempts()).attempts === 1);
  expect((await attempts()).state).toBe('received');
  await atrium.sql(`UPDATE billing_event SET attempts = 4 WHERE event_id = 'evt_unknown'`);
  await atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE name = 'billing_event'`);
  await eventually(async () => (await attempts()).state === 'parked');
});

test('a subscription of one organisation is never touched by what is told about another', async () => {
  const [acme, bits] = [
    await Organisation.make(atrium, 'Acme'),
    await Organisation.make(atrium, 'Bits'),
  ];
  await acme.subscribe();
  await acme.becomes('trial');
  await bits.subscribe('good', { plan: 'business', interval: 'year' });
  await bits.becomes('full');
  const before = await acme.standing();
  const body = notification({ customer_id: bits.customerId });
  await send(body, sign(body));
  await eventually(async () => {
    const open = await atrium.sql(
      `SELECT 1 FROM billing_event WHERE state = 'received' AND customer_external_id = $1`,
      [bits.customerId],
    );
    return open.length === 0;
  });
  expect(await acme.standing()).toEqual(before);
  expect(await bits.standing()).toMatchObject({ plan_key: 'business' });
});

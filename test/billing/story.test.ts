import { runInContext } from '../../src/core/context/request-context.js';
import { Sandbox } from '../../src/billing/sandbox/sandbox.js';
import { startApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/waiting.js';
import { Organisation, travel } from './organisation.js';

let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp({ BILLING_PROVIDER: 'sandbox' });
});
afterAll(() => atrium.stop());

const configure = (change: object) =>
  runInContext({}, () => atrium.app.get(Sandbox).configure(change));

test('trial, failing card, grace, read-only, paid, cancelled, free: what may be done follows', async () => {
  const acme = await Organisation.make(atrium, 'Acme');
  expect(await acme.standing()).toMatchObject({ access_state: 'free', plan_key: null });

  await acme.subscribe('failing');
  expect(await acme.becomes('trial')).toMatchObject({
    plan_key: 'team',
    plan_version: 1,
    seats: 1,
  });

  await travel(atrium, 14.1);
  const due = await acme.becomes('grace');
  expect(due.plan_key).toBe('team');
  const days = (+due.access_until! - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(13.8);
  expect(days).toBeLessThan(14);
  const { admin } = acme;
  expect((await admin.browser.fill('/projects/new/', { name: 'In the grace' })).status).toBe(303);

  await travel(atrium, 14);
  await eventually(async () => (await acme.standing()).access_until! < new Date());
  const refused = await admin.browser.fill('/projects/new/', { name: 'Too late' });
  expect(refused.status).toBe(402);
  expect(refused.text).toContain('A payment is overdue');
  expect((await admin.browser.visit('/projects/')).status).toBe(200);

  await acme.card('good');
  expect(await acme.becomes('full')).toMatchObject({ plan_key: 'team', access_until: null });
  expect((await admin.browser.fill('/projects/new/', { name: 'Paid' })).status).toBe(303);

  await acme.billing((billing, me) => billing.cancel(me));
  expect((await acme.standing()).access_state).toBe('full');
  await travel(atrium, 32);
  expect(await acme.becomes('free')).toMatchObject({ plan_key: null, seats: null });

  const trail = await atrium.sql<{ to: string }>(
    `SELECT changes->'access_state'->>'to' AS "to" FROM audit_entry
     WHERE tenant_id = $1 AND action = 'subscription.changed' AND changes ? 'access_state'
     ORDER BY position`,
    [acme.tenantId],
  );
  expect(trail.map(({ to }) => to)).toEqual(['trial', 'grace', 'full', 'free']);
});

test('notifications that come twice, late and in disorder end in the same state', async () => {
  await configure({ duplicate: true, reorder: true });
  try {
    const bits = await Organisation.make(atrium, 'Bits');
    await bits.subscribe('good');
    await bits.becomes('trial');
    await travel(atrium, 15);
    await bits.becomes('full');
    const [counted] = await atrium.sql<{ events: number; ids: number }>(
      `SELECT count(*)::int AS events, count(DISTINCT event_id)::int AS ids FROM billing_event
       WHERE customer_external_id = $1`,
      [bits.customerId],
    );
    expect(counted!.events).toBe(counted!.ids);
    const live = await atrium.sql('SELECT 1 FROM subscription WHERE tenant_id = $1 AND is_live', [
      bits.tenantId,
    ]);
    expect(live).toHaveLength(1);
  } finally {
    await configure({ duplicate: false, reorder: false });
  }
});

test('of two subscriptions that are bought at once one is kept, and the other is given back', async () => {
  const duo = await Organisation.make(atrium, 'Duo');
  await duo.subscribe();
  await duo.becomes('trial');
  await travel(atrium, 15);
  await duo.becomes('full');
  await duo.billing((billing, me) => billing.cancel(me));
  await travel(atrium, 32);
  await duo.becomes('free');

  // Both pages were open before one of them was paid.
  const first = await duo.checkout();
  await atrium.sql(
    `UPDATE checkout SET state = 'completed' WHERE tenant_id = $1 AND state = 'open'`,
    [duo.tenantId],
  );
  const second = await duo.checkout({ plan: 'business', interval: 'month' });
  await Promise.all([duo.pay(first), duo.pay(second)]);
  await duo.becomes('full');
  await eventually(async () => {
    const account = await runInContext({}, () => duo.sandbox.read(duo.customerId));
    return account!.subscriptions.filter(({ endedAt }) => endedAt === null).length === 1;
  });
  const account = await runInContext({}, () => duo.sandbox.read(duo.customerId));
  const [kept] = account!.subscriptions.filter(({ endedAt }) => endedAt === null);
  const paidFor = account!.invoices.filter(({ status, issuedAt }) => {
    return status === 'paid' && issuedAt >= kept!.startedAt;
  });
  expect(paidFor.map(({ subscriptionId }) => subscriptionId)).toEqual([kept!.id]);
  await eventually(async () => {
    const rows = await atrium.sql<{ id: string }>(
      'SELECT external_id AS id FROM subscription WHERE tenant_id = $1 AND is_live',
      [duo.tenantId],
    );
    return rows.length === 1 && rows[0]!.id === kept!.id;
  });
});

test('while the provider does not answer, what held last goes on holding', async () => {
  const cargo = await Organisation.make(atrium, 'Cargo');
  await cargo.subscribe();
  await cargo.becomes('trial');
  await configure({ isDown: true });
  try {
    await expect(cargo.billing((billing, me) => billing.cancel(me))).rejects.toMatchObject({
      kind: 'conflict',
      key: 'billing.errors.provider_unavailable',
    });
    expect((await cargo.standing()).access_state).toBe('trial');
    const made = await cargo.admin.browser.fill('/projects/new/', { name: 'As before' });
    expect(made.status).toBe(303);
  } finally {
    await configure({ isDown: false });
  }
});

test('an organisation has one trial', async () => {
  const echo = await Organisation.make(atrium, 'Echo');
  await echo.subscribe();
  await echo.becomes('trial');
  await echo.billing((billing, me) => billing.cancel(me));
  await travel(atrium, 15);
  await echo.becomes('free');
  await echo.subscribe();
  const { seats } = await echo.becomes('full');
  expect(seats).toBe(1);
});

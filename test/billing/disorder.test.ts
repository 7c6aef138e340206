import { runInContext } from '../../src/core/context/request-context.js';
import { priceOf } from '../../src/billing/catalogue/catalogue.js';
import { BillingEventsWorker } from '../../src/billing/notifications/billing-events.worker.js';
import type { PaymentProvider } from '../../src/billing/provider/payment-provider.js';
import { Providers } from '../../src/billing/provider/providers.js';
import { CustomerSync } from '../../src/billing/sync/customer-sync.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { Organisation, travel } from './organisation.js';
import { generator, shuffled } from './proof/orders.js';

let atrium: TestApp;
// Nothing is done by itself here: each test says what is dealt with, and when.
beforeAll(async () => {
  atrium = await startApp({ BILLING_PROVIDER: 'sandbox', ROLE: 'web' });
});
afterAll(() => atrium.stop());

const sync = (
  org: Organisation,
  provider: PaymentProvider = atrium.app.get(Providers).current,
  alongside?: () => Promise<void>,
) => runInContext({}, () => atrium.app.get(CustomerSync).sync(provider, org.customerId, alongside));

/** Everything that is known of an organisation, but for when it was learned. */
async function known(org: Organisation) {
  const of = (table: string, columns: string) =>
    atrium.sql(`SELECT ${columns} FROM ${table} WHERE tenant_id = $1 ORDER BY external_id`, [
      org.tenantId,
    ]);
  return {
    standing: await org.standing(),
    subscriptions: await of('subscription', 'external_id, status, quantity, is_live'),
    invoices: await of('invoice', 'external_id, status, total, paid'),
  };
}

/** A provider whose answer was on its way for a while. */
async function answeringLate(org: Organisation): Promise<PaymentProvider> {
  const provider = atrium.app.get(Providers).current;
  const state = await runInContext({}, () => provider.fetchCustomerState(org.customerId));
  const late = { fetchCustomerState: { value: () => Promise.resolve(state) } };
  return Object.create(provider, late) as PaymentProvider;
}

test('an answer that was asked for earlier never overwrites a later one', async () => {
  const acme = await Organisation.make(atrium, 'Acme');
  await acme.subscribe();
  const late = await answeringLate(acme);
  await travel(atrium, 15);
  await sync(acme);
  const before = await known(acme);
  expect(before.standing.access_state).toBe('full');
  expect(await sync(acme, late)).toBe(false);
  expect(await known(acme)).toEqual(before);
});

test('whatever is cut off half-way is done whole when it is done again', async () => {
  const bits = await Organisation.make(atrium, 'Bits');
  await bits.subscribe();
  const before = await known(bits);
  const cutOff = () => Promise.reject(new Error('cut off, on purpose'));
  await expect(sync(bits, undefined, cutOff)).rejects.toThrow('cut off');
  expect(await known(bits)).toEqual(before);
  expect(await sync(bits)).toBe(true);
  expect((await bits.standing()).access_state).toBe('trial');
});

test('many at once leave one live subscription and no invoice twice', async () => {
  const cargo = await Organisation.make(atrium, 'Cargo');
  await cargo.subscribe();
  await travel(atrium, 50);
  await Promise.all(Array.from({ length: 20 }, () => sync(cargo)));
  const { subscriptions, invoices } = await known(cargo);
  expect(subscriptions.filter(({ is_live }) => is_live)).toHaveLength(1);
  const account = await runInContext({}, () => cargo.sandbox.read(cargo.customerId));
  expect(invoices).toHaveLength(account!.invoices.length);
});

test('a story ends the same in sixty orders, with every notification up to three times', async () => {
  const duo = await Organisation.make(atrium, 'Duo');
  await duo.subscribe('failing');
  await travel(atrium, 15);
  await duo.card('good');
  await travel(atrium, 40);
  const told = await runInContext({}, () => duo.sandbox.undelivered(new Date(0)));
  const events = told.filter(({ customerId }) => customerId === duo.customerId);
  expect(events.length).toBeGreaterThan(6);
  for (const { id, type, objectId } of events) {
    await atrium.sql(
      `INSERT INTO billing_event (provider, event_id, type, object_id, customer_external_id, is_live,
         happened_at) VALUES ('sandbox', $1, $2, $3, $4, false, now()) ON CONFLICT DO NOTHING`,
      [id, type, objectId, duo.customerId],
    );
  }
  const worker = atrium.app.get(BillingEventsWorker);
  const deal = (eventId: string) =>
    runInContext({}, () => worker.handle({ provider: 'sandbox', eventId }));
  await sync(duo);
  const wanted = await known(duo);
  const random = generator(20261127);
  for (let round = 0; round < 60; round++) {
    await atrium.sql(
      `UPDATE billing_event SET state = 'received', done_at = NULL WHERE customer_external_id = $1`,
      [duo.customerId],
    );
    const copies = events.flatMap(({ id }) => Array.from({ length: 1 + (round % 3) }, () => id));
    for (const id of shuffled(copies, random).slice(0, 8)) await deal(id);
    expect(await known(duo)).toEqual(wanted);
  }
  for (const { id } of events) await deal(id);
  const open = await atrium.sql(
    `SELECT event_id FROM billing_event WHERE state <> 'done' AND event_id = ANY ($1)`,
    [events.map(({ id }) => id)],
  );
  expect(open).toEqual([]);
});

test('what is asked while the clock of the sandbox is set forward is told by one clock', async () => {
  const ferry = await Organisation.make(atrium, 'Ferry');
  const provider = atrium.app.get(Providers).current;
  const requireUp = ferry.sandbox.requireUp.bind(ferry.sandbox);
  /** The clock is set forward between the first question and the second. */
  const meanwhile = async <T>(days: number, ask: () => Promise<T>): Promise<T> => {
    ferry.sandbox.requireUp = async () => {
      await requireUp();
      await travel(atrium, days);
    };
    try {
      return await runInContext({}, ask);
    } finally {
      ferry.sandbox.requireUp = requireUp;
    }
  };
  const state = async () => (await provider.fetchCustomerState(ferry.customerId))!;
  const daysUntil = (date: Date) => (+date - Date.now()) / 86_400_000;

  const checkout = await meanwhile(2, () => ferry.checkout());
  const [{ expires } = { expires: new Date(0) }] = await atrium.sql<{ expires: Date }>(
    'SELECT expires_at AS expires FROM checkout WHERE external_id = $1',
    [checkout],
  );
  expect(daysUntil(expires)).toBeCloseTo(1, 1);

  await ferry.pay(checkout, 'failing');
  const [{ id } = { id: '' }] = (await runInContext({}, state)).subscriptions;
  const until = new Date(Date.now() + 10 * 86_400_000);
  await meanwhile(5, () => provider.extendTrial(id, until));
  const [trial] = (await runInContext({}, state)).subscriptions;
  expect(daysUntil(trial!.trialEndsAt!)).toBeCloseTo(10, 1);

  const { status, pastDueSince } = (await meanwhile(11, state)).subscriptions[0]!;
  expect(status).toBe('past_due');
  expect(daysUntil(pastDueSince!)).toBeLessThan(0);

  const price = priceOf('team_v1_month_eur')!;
  const change = { subscriptionId: id, price, seats: 2, revision: 1 };
  const { nextAt } = await meanwhile(12, () => provider.previewChange(change));
  expect(daysUntil(nextAt)).toBeLessThan(20);
}, 60_000);

import { runInContext } from '../../src/core/context/request-context.js';
import { Reconciliation } from '../../src/billing/reconciliation/reconciliation.service.js';
import { Sandbox } from '../../src/billing/sandbox/sandbox.js';
import { startApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/waiting.js';
import { Organisation, travel } from './organisation.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ BILLING_PROVIDER: 'sandbox' })));
afterAll(() => atrium.stop());

const configure = (change: object) =>
  runInContext({}, () => atrium.app.get(Sandbox).configure(change));
const reconcile = () => runInContext({}, () => atrium.app.get(Reconciliation).run());
const NOTHING = { customers: 0, seats: 0, missing: 0, undelivered: 0, unknown: 0 };

/** Nothing is on its way any more, and nothing waits to be dealt with. */
const everythingArrived = () =>
  eventually(async () => {
    const open = await atrium.sql(`SELECT 1 FROM billing_event WHERE state <> 'done'`);
    const sent = await runInContext({}, () => atrium.app.get(Sandbox).undelivered(new Date(0)));
    return open.length === 0 && sent.length === 0;
  }, 60);

test('where every notification arrived nothing differs', async () => {
  const acme = await Organisation.make(atrium, 'Acme');
  await acme.subscribe();
  await acme.becomes('trial');
  await everythingArrived();
  expect(await reconcile()).toEqual(NOTHING);
});

test('what was told and never arrived is found, and put right', async () => {
  const bits = await Organisation.make(atrium, 'Bits');
  await bits.subscribe();
  await bits.becomes('trial');
  await configure({ drop: true });
  await travel(atrium, 15);
  expect((await bits.standing()).access_state).toBe('trial');
  const { undelivered } = await reconcile();
  expect(undelivered).toBeGreaterThan(0);
  await bits.becomes('full');
  expect(await reconcile()).toMatchObject({ customers: 0, undelivered: 0 });
  await configure({ drop: false });
});

test('a customer that was made and forgotten is taken for the organisation it was made for', async () => {
  const cargo = await Organisation.make(atrium, 'Cargo');
  await cargo.subscribe();
  await cargo.becomes('trial');
  await everythingArrived();
  const [customer] = await atrium.sql<{ id: string }>(
    'SELECT id FROM billing_customer WHERE tenant_id = $1',
    [cargo.tenantId],
  );
  await atrium.sql('UPDATE billing_customer SET external_id = NULL WHERE id = $1', [customer!.id]);
  await atrium.sql(`UPDATE tenant SET access_state = 'free', plan_key = NULL, plan_version = NULL
    WHERE id = '${cargo.tenantId}'`);
  expect((await reconcile()).missing).toBe(1);
  expect(await cargo.standing()).toMatchObject({ access_state: 'trial', plan_key: 'team' });
});

test('the sandbox sells at the prices of the catalogue', async () => {
  expect(await runInContext({}, () => atrium.app.get(Reconciliation).prices())).toEqual([]);
});

import { BillingDetailsService } from '../../src/billing/subscriptions/billing-details.service.js';
import { Reconciliation } from '../../src/billing/reconciliation/reconciliation.service.js';
import { priceForSale } from '../../src/billing/catalogue/catalogue.js';
import { Erasure } from '../../src/closure/erasure/erasure.service.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { startManual, type ManualWorld } from '../billing/manual-world.js';
import type { Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';
import { everything, KEPT, tablesWith } from './what-is-left.js';

const TEAM = priceForSale('team', 'month')!;
const DETAILS = {
  ...{ legalName: 'Acme NV', email: 'facturen@acme.example', address: 'Grote Markt 2' },
  ...{ postalCode: '2000', city: 'Antwerpen', country: 'BE', vatNumber: null, purchaseOrder: null },
};

let world: ManualWorld;
let root: Person;
beforeAll(async () => {
  world = await startManual({ BILLING_PROVIDER: 'manual' });
  root = await world.atrium.people.staff('root@atrium.test', true);
});
afterAll(() => world.stop());

/** An organisation that staff sold to, with an open invoice. */
async function sold(name: string): Promise<Person> {
  const admin = await world.atrium.people.adminOf(name, `admin@${name.toLowerCase()}.test`);
  const tenantId = admin.tenantId!;
  await save(tenantId, 0);
  const email = DETAILS.email;
  await world.provider.ensureCustomer({
    ...{ tenantId, name: 'Acme NV', email, locale: 'en', country: 'BE', vatNumber: null },
  });
  await world.sales.sell(tenantId, { price: TEAM, seats: 2, trialDays: 0, paymentDays: 14 });
  await eventually(async () => (await invoicesOf(tenantId)).length === 1);
  return admin;
}

const save = (tenantId: string, version: number, details = DETAILS) =>
  runInContext({ tenantId }, () =>
    world.atrium.app.get(BillingDetailsService).store(details, version, 'en'),
  );

const invoicesOf = (tenantId: string | null) =>
  world.atrium.sql<{ id: string; number: string; status: string; paid: string }>(
    'SELECT id, number, status, paid FROM invoice WHERE tenant_id = $1 ORDER BY number',
    [tenantId],
  );

const isSettled = async (tenantId: string | null) => {
  const open = await world.atrium.sql(
    `SELECT FROM billing_event WHERE object_id = $1 AND state <> 'done'`,
    [tenantId],
  );
  return open.length === 0;
};

async function erase(tenantId: string | null): Promise<void> {
  await world.atrium.sql(
    `UPDATE tenant SET closing_since = now() - interval '31 days', closing_notice = 1,
       erase_at = now() - interval '1 minute' WHERE id = $1`,
    [tenantId],
  );
  await world.atrium.app.get(Erasure).eraseDue();
  expect(await world.atrium.sql('SELECT FROM tenant WHERE id = $1', [tenantId])).toEqual([]);
}

test('what was sold by hand to a closed organisation is paid, and told to the books, as before', async () => {
  const { browser, tenantId } = await sold('Quarry');
  await browser.fill('/settings/closure/', { organization: 'Quarry' });
  const [invoice] = await invoicesOf(tenantId);
  await root.browser.fill(`/admin/invoices/${invoice!.id}/paid/`, { reference: 'CODA 7' });
  expect(await invoicesOf(tenantId)).toMatchObject([{ status: 'paid' }]);
  await eventually(() => isSettled(tenantId));
  await save(tenantId!, 1, { ...DETAILS, email: 'new@acme.example' });
  await eventually(async () => {
    const [customer] = await world.atrium.sql<{ email: string }>(
      'SELECT email FROM manual_customer WHERE tenant_id = $1',
      [tenantId],
    );
    return customer!.email === 'new@acme.example';
  });
});

test('an invoice that outlives its organisation is paid or credited, and the operator’s trail says so', async () => {
  const { tenantId } = await sold('Ravine');
  await world.pass(31);
  await eventually(async () => (await invoicesOf(tenantId)).length === 2);
  await eventually(() => isSettled(tenantId));
  await erase(tenantId);
  const kept = Object.keys(KEPT).filter((table) => table !== 'invoice_settlement');
  expect(tablesWith(await everything(world.atrium), tenantId!)).toEqual(kept);
  const [record] = await world.atrium.sql<{ kept: { invoices: number } }>(
    'SELECT kept FROM organisation_erasure WHERE id = $1',
    [tenantId],
  );
  expect(record!.kept.invoices).toBe(2);

  const [first, second] = await invoicesOf(tenantId);
  const paid = await root.browser.fill(`/admin/invoices/${first!.id}/paid/`, {
    reference: 'CODA 9',
  });
  expect((await root.browser.follow(paid)).at('[data-notices]')).toContain('is marked as paid');
  await root.browser.fill(`/admin/invoices/${second!.id}/credit/`);
  const after = await invoicesOf(tenantId);
  expect(after.map(({ status, paid: amount }) => [status, amount])).toEqual([
    ['paid', '2904'],
    ['void', '0'],
  ]);
  await eventually(() => isSettled(tenantId));
  expect(
    await world.atrium.sql(
      `SELECT action, actor_name, subject_name FROM audit_entry
       WHERE tenant_id IS NULL AND action LIKE 'invoice.%' ORDER BY at`,
    ),
  ).toEqual([
    { action: 'invoice.paid', actor_name: 'Root', subject_name: first!.number },
    { action: 'invoice.credited', actor_name: 'Root', subject_name: second!.number },
  ]);
});

test('reconciliation finds nothing amiss about customers who are erased', async () => {
  const { tenantId } = await sold('Tundra');
  await erase(tenantId);
  const other = await world.atrium.people.adminOf('Taiga', 'admin@taiga.test');
  // Known to the provider, without an invoice.
  await world.atrium.sql(
    `INSERT INTO billing_customer (tenant_id, provider, external_id) VALUES ($1, 'manual', $1::uuid::text)`,
    [other.tenantId],
  );
  await erase(other.tenantId);
  const found = await runInContext({}, () => world.atrium.app.get(Reconciliation).run());
  expect(found).toEqual({ customers: 0, seats: 0, missing: 0, undelivered: 0, unknown: 0 });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { PlanEntitlements } from '../../src/billing/access/plan-entitlements.js';
import { Erasure } from '../../src/closure/erasure/erasure.service.js';
import { Organisation, travel } from '../billing/organisation.js';
import { startApp, type TestApp } from '../support/app.js';
import { runInContext } from '../../src/core/context/request-context.js';
import type { Sight } from '../support/browser.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD } from '../support/people.js';
import { eventually } from '../support/waiting.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ BILLING_PROVIDER: 'sandbox' })));
afterAll(() => atrium.stop());
afterEach(() => jest.restoreAllMocks());

const BILLING = '/settings/billing/';

async function subscribed(name: string): Promise<Organisation> {
  const org = await Organisation.make(atrium, name);
  const { browser } = org.admin;
  await browser.visit(`${BILLING}plans/?interval=month`);
  const checkout = await browser.submit(`${BILLING}checkout/`, { plan: 'team' });
  await browser.follow(await browser.fill(checkout.location!, { card: 'good' }));
  await travel(atrium, 15);
  await org.becomes('full');
  return org;
}

const liveOf = async ({ tenantId }: Organisation) =>
  (
    await atrium.sql<{ ends: boolean }>(
      `SELECT cancel_at IS NOT NULL AS ends FROM subscription WHERE tenant_id = $1 AND is_live`,
      [tenantId],
    )
  )[0];

/** As 30 days and the last reminder have passed. */
const isDue = ({ tenantId }: Organisation) =>
  atrium.sql(
    `UPDATE tenant SET closing_since = now() - interval '31 days', closing_notice = 1,
       erase_at = now() - interval '1 minute' WHERE id = $1`,
    [tenantId],
  );

test('closing ends the subscription with its period, and whoever reopens can take that back', async () => {
  const org = await subscribed('Harbour');
  const { browser } = org.admin;
  await browser.fill('/settings/closure/', { organization: 'Harbour' });
  await eventually(async () => (await liveOf(org))?.ends === true);
  await browser.visit(BILLING);
  expect((await browser.submit(`${BILLING}resume/`)).status).toBe(403);
  await browser.visit('/settings/closure/');
  await browser.submit('/settings/closure/reopen/');
  const page = await browser.visit(BILLING);
  expect(page.text).toMatch(/Team, 1 of 1 seats, ends on/);
  const resumed = await browser.follow(await browser.submit(`${BILLING}resume/`));
  expect(resumed.text).toMatch(/Team, 1 of 1 seats, renews on/);
});

test('an erasure begins once the provider knows that the subscription ends, and keeps the invoices', async () => {
  const org = await subscribed('Inlet');
  const { tenantId } = org;
  await isDue(org);
  expect(await liveOf(org)).toEqual({ ends: false });
  const invoices =
    'SELECT id, number, net, vat, total FROM invoice WHERE tenant_id = $1 ORDER BY id';
  const before = await atrium.sql(invoices, [tenantId]);
  expect(before.length).toBeGreaterThan(0);
  const [customer] = await atrium.sql<{ external_id: string }>(
    'SELECT external_id FROM billing_customer WHERE tenant_id = $1',
    [tenantId],
  );
  await runInContext({}, () => org.sandbox.configure({ isDown: true }));
  await atrium.app.get(Erasure).eraseDue();
  expect(
    await atrium.sql('SELECT FROM tenant WHERE id = $1 AND erasing_since IS NULL', [tenantId]),
  ).toHaveLength(1);
  await runInContext({}, () => org.sandbox.configure({ isDown: false }));
  await atrium.app.get(Erasure).eraseDue();
  expect(await atrium.sql('SELECT FROM tenant WHERE id = $1', [tenantId])).toEqual([]);
  expect(await atrium.sql(invoices, [tenantId])).toEqual(before);
  expect(
    await atrium.sql('SELECT external_id, email FROM billing_customer WHERE tenant_id = $1', [
      tenantId,
    ]),
  ).toEqual([{ external_id: customer!.external_id, email: null }]);
  expect(await atrium.sql('SELECT FROM subscription WHERE tenant_id = $1', [tenantId])).toEqual([]);
  const atProvider = async () => (await runInContext({}, () => org.sandbox.read(org.customerId)))!;
  const told = await atProvider();
  expect(told.subscriptions.map((one) => one.cancelsAtPeriodEnd)).toEqual([true]);
  // The period ends at the provider, which tells of it: nothing fails, and nothing comes back.
  const notifications = () =>
    atrium.sql<{ state: string }>(
      'SELECT state FROM billing_event WHERE customer_external_id = $1',
      [org.customerId],
    );
  const { length: heard } = await notifications();
  await travel(atrium, 40);
  await eventually(async () => {
    const all = await notifications();
    return all.length > heard && all.every(({ state }) => state === 'done');
  });
  const ended = await atProvider();
  expect(ended.subscriptions.map(({ status }) => status)).toEqual(['canceled']);
  expect(ended.invoices).toHaveLength(told.invoices.length);
  expect(await atrium.sql(invoices, [tenantId])).toEqual(before);
  expect(await atrium.sql('SELECT FROM tenant WHERE id = $1', [tenantId])).toEqual([]);
});

test('a checkout that is open when the organisation closes can no longer be paid', async () => {
  const org = await Organisation.make(atrium, 'Delta');
  const checkout = await org.checkout();
  await org.admin.browser.fill('/settings/closure/', { organization: 'Delta' });
  await eventually(async () => {
    const [own] = await atrium.sql<{ state: string }>(
      'SELECT state FROM checkout WHERE tenant_id = $1',
      [org.tenantId],
    );
    return own!.state === 'abandoned';
  });
  await expect(org.pay(checkout)).rejects.toThrow('The checkout is over');
  expect((await org.standing()).plan_key).toBeNull();
});

test('only the provider that sold a subscription is told that it ends', async () => {
  const org = await subscribed('Lagoon');
  await atrium.sql(`UPDATE subscription SET provider = 'stripe' WHERE tenant_id = $1`, [
    org.tenantId,
  ]);
  await isDue(org);
  await atrium.app.get(Erasure).eraseDue();
  expect(await atrium.sql('SELECT FROM tenant WHERE id = $1', [org.tenantId])).toEqual([]);
  const account = await runInContext({}, () => org.sandbox.read(org.customerId));
  expect(account!.subscriptions.map((one) => one.cancelsAtPeriodEnd)).toEqual([false]);
});

test('a payment that arrives late is noted on the invoice that was kept, and no invoice comes back', async () => {
  const org = await subscribed('Fjord');
  const { tenantId } = org;
  await org.card('failing');
  await travel(atrium, 31);
  const open = async () =>
    (
      await atrium.sql<{ id: string }>(
        `SELECT id FROM invoice WHERE tenant_id = $1 AND status = 'open'`,
        [tenantId],
      )
    ).map(({ id }) => id);
  await eventually(async () => (await open()).length === 1);
  const [id] = await open();
  await isDue(org);
  await atrium.app.get(Erasure).eraseDue();
  expect(await atrium.sql('SELECT FROM tenant WHERE id = $1', [tenantId])).toEqual([]);
  await atrium.sql('DELETE FROM invoice_line WHERE tenant_id = $1 AND invoice_id <> $2', [
    tenantId,
    id,
  ]);
  await atrium.sql('DELETE FROM invoice WHERE tenant_id = $1 AND id <> $2', [tenantId, id]);

  await org.card('good');
  await eventually(async () => (await open()).length === 0);
  const after = await atrium.sql(
    `SELECT id, status, paid = total AS "isWhole", paid_at IS NOT NULL AS "isDated"
     FROM invoice WHERE tenant_id = $1`,
    [tenantId],
  );
  expect(after).toEqual([{ id, status: 'paid', isWhole: true, isDated: true }]);
});

test('of joining and closing at once neither fails: whoever was joining is in before it closes', async () => {
  const org = await Organisation.make(atrium, 'Strait');
  const { browser, tenantId } = org.admin;
  await browser.visit('/settings/users/');
  await browser.submit('/settings/users/', { email: 'late@strait.test', role: 'member' });
  const invitation = linkIn(await atrium.mails.expect('late@strait.test'));
  const guest = atrium.browser();
  await guest.visit(invitation);
  await browser.visit('/settings/closure/');
  // The one who joins has found it open, and has not locked it yet.
  const entitlements = atrium.app.get(PlanEntitlements);
  const requireRoom = entitlements.requireRoom.bind(entitlements);
  let closing: Promise<Sight> | undefined;
  jest.spyOn(entitlements, 'requireRoom').mockImplementation(async (...given) => {
    closing ??= browser.submit('/settings/closure/', { organization: 'Strait' });
    await sleep(1_000);
    return requireRoom(...given);
  });
  const joined = await guest.submit(invitation, {
    password: PASSWORD,
    password_confirm: PASSWORD,
  });
  expect([joined.status, (await closing!).status]).toEqual([303, 303]);
  const members = await atrium.sql(
    `SELECT FROM user_profile p JOIN tenant t ON t.id = p.tenant_id
     WHERE t.id = $1 AND t.erase_at IS NOT NULL`,
    [tenantId],
  );
  expect(members).toHaveLength(2);
});

import { randomUUID } from 'node:crypto';
import { Sweeper } from '../../src/core/jobs/sweeper.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';
import { Organisation } from './organisation.js';

let atrium: TestApp;
let root: Person;
beforeAll(async () => {
  atrium = await startApp({ BILLING_PROVIDER: 'sandbox' });
  root = await atrium.people.staff('root@atrium.test', true);
});
afterAll(() => atrium.stop());

const addProject = (browser: Person['browser'], name: string) =>
  browser.fill('/projects/new/', { name });

const mayMakeKeys = async ({ browser }: Person) =>
  (await browser.visit('/settings/api/')).document.querySelector('[name="lifetime"]') !== null;

describe('what staff decide beside a plan', () => {
  test('holds from the next request on, is shown with its reason, and ends at once', async () => {
    const { admin, tenantId } = await Organisation.make(atrium, 'Generous');
    const path = `/admin/tenants/${tenantId}/entitlements/`;
    for (const name of ['1', '2', '3', '4', '5']) await addProject(admin.browser, name);
    expect((await addProject(admin.browser, '6')).status).not.toBe(303);
    expect(await mayMakeKeys(admin)).toBe(false);

    const page = await root.browser.visit(`/admin/tenants/${tenantId}/`);
    expect(page.document.querySelector(`a[href="${path}"]`)).not.toBeNull();
    const set = await root.browser.fill(`${path}projects/`, { value: '6', reason: 'A pilot' });
    expect(set.location).toBe(path);
    const on = { value: 'on', reason: 'They helped us', until: '2100-01-01' };
    await root.browser.fill(`${path}api_keys/`, on);
    expect((await addProject(admin.browser, '6')).status).toBe(303);
    expect((await addProject(admin.browser, '7')).status).not.toBe(303);
    expect(await mayMakeKeys(admin)).toBe(true);

    const all = await root.browser.visit(path);
    expect(all.text).toContain('A pilot');
    expect(all.text).toContain('They helped us');
    const rows = await atrium.sql<{ id: string; entitlement: string }>(
      'SELECT id, entitlement FROM entitlement_override WHERE tenant_id = $1 ORDER BY entitlement',
      [tenantId],
    );
    for (const { id } of rows) await root.browser.fill(`/admin/overrides/${id}/end/`);
    expect(await mayMakeKeys(admin)).toBe(false);
    expect((await addProject(admin.browser, '7')).status).not.toBe(303);
    // What is over the plan's limit now is cleaned up first.
    const [standing] = await atrium.sql('SELECT access_state FROM tenant WHERE id = $1', [
      tenantId,
    ]);
    expect(standing).toEqual({ access_state: 'over_limit' });

    const activity = await admin.browser.visit('/settings/activity/');
    expect(activity.text).toContain('Root made an exception for projects');
    expect(activity.text).toContain('Root ended the exception for api_keys');
    expect(activity.text).not.toContain('A pilot');
  });

  test('is a number for a limit, on or off for anything else, and never lost to somebody else', async () => {
    const { tenantId } = await Organisation.make(atrium, 'Careful');
    const path = `/admin/tenants/${tenantId}/entitlements/`;
    const wrong = await root.browser.fill(`${path}projects/`, { value: 'many', reason: 'A pilot' });
    expect([wrong.status, wrong.value('reason')]).toEqual([422, 'A pilot']);
    const past = { value: '9', reason: 'A pilot', until: '2020-01-01' };
    expect((await root.browser.fill(`${path}projects/`, past)).text).toContain(
      'Choose today or a later day.',
    );
    const neither = { value: '3', reason: 'A pilot' };
    expect((await root.browser.post(`${path}api_keys/`, neither)).status).toBe(422);
    expect((await root.browser.visit(`${path}nonsense/`)).status).toBe(404);

    const other = await atrium.people.staff('other@atrium.test', true);
    await other.browser.visit(`${path}projects/`);
    const endless = { unlimited: '1', reason: 'A pilot' };
    expect((await root.browser.fill(`${path}projects/`, endless)).status).toBe(303);
    const stale = await other.browser.submit(`${path}projects/`, { value: '7', reason: 'Mine' });
    expect(stale.status).toBe(422);
    expect(stale.text).toContain('Somebody else has decided this in the meantime.');
    expect(stale.text).toContain('What holds now: Unlimited');
    expect((await other.browser.submit(`${path}projects/`)).status).toBe(303);
    const [row] = await atrium.sql('SELECT amount FROM entitlement_override WHERE tenant_id = $1', [
      tenantId,
    ]);
    expect(row).toEqual({ amount: 7 });
  });

  test('lapses on its day, and what is decided after that begins from what the plan says', async () => {
    const { admin, tenantId } = await Organisation.make(atrium, 'Lapsing');
    const path = `/admin/tenants/${tenantId}/entitlements/`;
    const until = { value: 'on', reason: 'A pilot', until: '2100-01-01' };
    await root.browser.fill(`${path}api_keys/`, until);
    expect(await mayMakeKeys(admin)).toBe(true);
    await atrium.sql(
      `UPDATE entitlement_override SET created_at = now() - interval '2 days', until = now() - interval '1 day'
       WHERE tenant_id = $1`,
      [tenantId],
    );
    await atrium.sql(
      `UPDATE tenant SET entitlement_overrides = jsonb_set(entitlement_overrides, '{api_keys,until}',
         to_jsonb(to_char(now() - interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))) WHERE id = $1`,
      [tenantId],
    );
    expect(await mayMakeKeys(admin)).toBe(false);
    await root.browser.fill(`${path}api_keys/`, { value: 'on', reason: 'A second pilot' });
    expect(await mayMakeKeys(admin)).toBe(true);
    const audited = await atrium.sql(
      `SELECT changes -> 'overrideValue' ->> 'from' AS before FROM audit_entry
       WHERE tenant_id = $1 AND action = 'entitlement_override.set' ORDER BY position`,
      [tenantId],
    );
    expect(audited).toEqual([{ before: null }, { before: null }]);
  });

  test('a trial lasts longer, at the provider too', async () => {
    const org = await Organisation.make(atrium, 'Trying');
    await org.subscribe();
    await org.becomes('trial');
    const read = async () => {
      const [row] = await atrium.sql<{ id: string; ends: Date }>(
        'SELECT id, trial_ends_at AS ends FROM subscription WHERE tenant_id = $1',
        [org.tenantId],
      );
      return row!;
    };
    const { id, ends } = await read();
    const path = `/admin/subscriptions/${id}/extend_trial/`;
    const done = await root.browser.fill(path, { days: '21', reason: 'Their holidays' });
    expect(done.status).toBe(303);
    expect(+(await read()).ends - +ends).toBe(21 * 86_400_000);
  });
});

describe('notifications that are parked', () => {
  const park = (count: number) =>
    atrium.sql(
      `INSERT INTO billing_event (provider, event_id, type, object_id, customer_external_id,
         is_live, happened_at, state, problem)
       SELECT 'sandbox', 'evt_parked_' || n || $2, 'invoice.paid', 'in_' || n, 'cus_nobody' || n, false, now(), 'parked',
         'nobody knows it' FROM generate_series(1, $1) n`,
      [count, randomUUID()],
    );

  test('are counted on the start page, and all of them are replayed at once', async () => {
    await park(3);
    const start = await root.browser.visit('/admin/');
    const tile = start.document.querySelector('a[href="/admin/billing-events/?state=parked"]')!;
    expect(tile.textContent).toMatch(/Parked events\s*3/);
    const asked = await root.browser.visit('/admin/billing-events/replay_parked/');
    expect(asked.text).toContain('3 events are parked.');
    const done = await root.browser.follow(
      await root.browser.submit('/admin/billing-events/replay_parked/'),
    );
    expect(done.at('[data-notices]')).toContain('3 events are dealt with once more.');
    await eventually(async () => {
      const tried = await atrium.sql(
        `SELECT 1 FROM billing_event WHERE event_id LIKE 'evt_parked_%' AND attempts > 0`,
      );
      return tried.length === 3;
    });
    const none = await root.browser.post('/admin/billing-events/replay_parked/');
    expect((await root.browser.follow(none)).text).toContain('No event is parked.');
    const audited = await atrium.sql(
      `SELECT subject_name AS events FROM audit_entry WHERE action = 'billing_events.replayed'`,
    );
    expect(audited).toEqual([{ events: '3' }]);
  });

  test('stay, while what was dealt with long ago is deleted', async () => {
    await park(2);
    await atrium.sql(
      `INSERT INTO billing_event (provider, event_id, type, object_id, is_live, happened_at, state, done_at)
       SELECT 'sandbox', 'evt_old_' || days, 'invoice.paid', 'in_1', false, now(), 'done', now() - make_interval(days => days)
       FROM unnest(ARRAY[399, 401, 900]) AS days`,
    );
    await atrium.sql(
      `UPDATE billing_event SET received_at = now() - interval '2 years' WHERE state = 'parked'`,
    );
    await atrium.app.get(Sweeper).sweepAll();
    const left = await atrium.sql(
      `SELECT event_id, state FROM billing_event WHERE event_id LIKE 'evt_old_%' OR state = 'parked'
       ORDER BY state`,
    );
    expect(left).toMatchObject([
      { event_id: 'evt_old_399' },
      { state: 'parked' },
      { state: 'parked' },
    ]);
  });
});

test('revenue is told by currency, yearly prices as a twelfth, and what is no longer paid not at all', async () => {
  await atrium.sql('DELETE FROM subscription');
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
  const add = async (name: string, changes: Record<string, unknown>) => {
    const { tenantId } = await Organisation.make(atrium, name);
    const [customer] = await atrium.sql<{ id: string }>(
      `INSERT INTO billing_customer (tenant_id, provider) VALUES ($1, 'sandbox') RETURNING id`,
      [tenantId],
    );
    const row = {
      ...{ tenant_id: tenantId, customer_id: customer!.id, provider: 'sandbox' },
      ...{ external_id: `sub_${name}`, status: 'active', raw_status: 'x', plan_key: 'team' },
      ...{ billing_interval: 'month', quantity: 2, currency: 'EUR', unit_amount: 1000 },
      ...{ is_live: true, started_at: inDays(-40), fetched_at: inDays(0) },
      ...{ current_period_start: inDays(-10), current_period_end: inDays(20) },
      ...changes,
    };
    const names = Object.keys(row);
    await atrium.sql(
      `INSERT INTO subscription (${names.join(', ')})
       VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
  };
  await add('One', {});
  await add('Two', { billing_interval: 'year', unit_amount: 1200 });
  await add('Three', { currency: 'GBP', status: 'past_due', past_due_since: inDays(-3) });
  await add('Four', { status: 'trialing', trial_ends_at: inDays(3) });
  await add('Five', { status: 'canceled', is_live: false, ended_at: inDays(0) });
  await add('Six', { status: 'unpaid' });
  const start = await root.browser.visit('/admin/');
  const tiles = start.document
    .querySelectorAll('main li.panel a')
    .map((tile) => tile.textContent.replace(/\s+/g, ' ').trim());
  expect(tiles.slice(0, 5)).toEqual([
    // 2 × €10 a month, 2 × €12 a year; 2 × £10.
    'Monthly recurring revenue€22.00£20.00',
    expect.stringMatching(/^New this month0(5 less \(100%\)|As many as)/),
    expect.stringMatching(
      /^Churned this month11 more than in the same days of the month before \(0\)$/,
    ),
    'Trials1',
    'Payment overdue1',
  ]);
  const yesterday = (title: string) => {
    const section = start.document
      .querySelectorAll('section')
      .find((each) => each.querySelector('h2')?.textContent === title)!;
    return section.querySelectorAll('tbody tr td').at(-2)?.textContent;
  };
  expect(yesterday('Monthly recurring revenue')).toBe('€42.00');
  expect(yesterday('Trials')).toBe('1');
});

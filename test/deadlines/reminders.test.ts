import { TenantJobs } from '../../src/tenants/jobs/tenant-jobs.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { withoutFlag } from '../support/flags.js';
import type { Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';

let atrium: TestApp;
let anna: Person;
let bob: Person;
let gus: Person;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
  gus = await atrium.people.adminOf('Globex', 'gus@globex.test');
  await atrium.sql('ALTER TABLE tenant DISABLE TRIGGER stamp_audit');
  await atrium.sql(`UPDATE tenant SET created_at = now() - interval '9 days'`);
  await atrium.sql('ALTER TABLE tenant ENABLE TRIGGER stamp_audit');
});
afterAll(() => atrium.stop());
beforeEach(async () => {
  for (const table of ['project', 'notification', 'tenant_job']) {
    await atrium.sql(`DELETE FROM ${table}`);
  }
});

/** The day whose morning has begun: before seven o'clock UTC it is still the one before. */
const TODAY = `((now() - interval '7 hours') AT TIME ZONE 'UTC')::date`;

const add = (owner: Person | null, name: string, days = 0, status = 'active') =>
  atrium.sql(
    `INSERT INTO project (tenant_id, name, status, due_date, owner_id, version)
     SELECT $1, $2, $3, ${TODAY} + $4::int, (SELECT id FROM user_profile WHERE user_id = $5), 1`,
    [(owner ?? anna).tenantId, name, status, days, owner?.userId ?? null],
  );

/** Lets the morning come, and waits for what it brings. */
async function morning(): Promise<void> {
  await atrium.app.get(TenantJobs).addDue();
  const waiting = () =>
    atrium.sql(
      `SELECT FROM pgboss.job WHERE name = 'deadline_reminders' AND state IN ('created', 'retry', 'active')`,
    );
  await eventually(async () => (await waiting()).length === 0);
}

const toldTo = async ({ browser }: Person) =>
  (await browser.visit('/notifications/')).document
    .querySelectorAll('main li')
    .map((entry) => entry.text.trim());

test('on the morning of its day the owner of a project is told, and nobody else', async () => {
  await add(anna, 'Roof');
  await add(null, 'Nobody’s');
  await add(bob, 'Tomorrow', 1);
  await add(bob, 'Yesterday', -1);
  await add(bob, 'Finished', 0, 'done');
  await morning();
  expect(await toldTo(anna)).toEqual([expect.stringContaining('Roof is due today')]);
  expect([await toldTo(bob), await toldTo(gus)]).toEqual([[], []]);
});

test('of several projects one notification tells, in the language of the reader, and once a day', async () => {
  for (const name of ['Quay', 'Bridge', 'Roof']) await add(gus, name);
  await morning();
  await morning();
  expect(await toldTo(gus)).toEqual([expect.stringContaining('Due today: Bridge and 2 more')]);
  gus.browser.with('Accept-Language', 'nl');
  expect(await toldTo(gus)).toEqual([
    expect.stringContaining('Vandaag af te ronden: Bridge en nog 2'),
  ]);
});

test('of sample data nobody is told until somebody has changed it', async () => {
  await anna.browser.press('/sample-data/');
  await atrium.sql('ALTER TABLE project DISABLE TRIGGER stamp_audit');
  await atrium.sql(`UPDATE project SET due_date = ${TODAY}, status = 'active'`);
  await atrium.sql('ALTER TABLE project ENABLE TRIGGER stamp_audit');
  await morning();
  expect(await toldTo(anna)).toEqual([]);
  await atrium.sql(`UPDATE project SET name = 'Roof' WHERE name = 'New website'`);
  await atrium.sql('DELETE FROM tenant_job');
  await morning();
  expect(await toldTo(anna)).toEqual([expect.stringContaining('Roof is due today')]);
});

test('an owner without access is told nothing', async () => {
  await add(bob, 'Roof');
  await atrium.sql(`UPDATE user_profile SET is_active = false WHERE user_id = $1`, [bob.userId]);
  await morning();
  expect(await atrium.sql('SELECT FROM notification')).toEqual([]);
});

test('where projects are off nobody is told', async () => {
  await add(anna, 'Roof');
  await withoutFlag(atrium, 'projects', () => morning());
  expect(await atrium.sql('SELECT FROM notification')).toEqual([]);
});

import { randomUUID } from 'node:crypto';
import { runInContext } from '../../src/core/context/request-context.js';
import { DatabaseServer } from '../../src/core/database/database-server.js';
import { FeatureFlags } from '../../src/core/flags/feature-flags.js';
import { createApp } from '../../src/create-app.js';
import { placeOf } from '../../src/flags/decisions.js';
import { startApp, type TestApp } from '../support/app.js';
import { Browser, type Sight } from '../support/browser.js';
import { ENGINE } from '../support/database.js';
import { PASSWORD, type Person } from '../support/people.js';
import { SAMPLER, SamplerModule, installSampler } from '../support/sampler.js';

let atrium: TestApp;
let root: Person;
let anna: Person;
let gus: Person;
let uninstall: () => void;
beforeAll(async () => {
  uninstall = installSampler();
  atrium = await startApp({}, [SamplerModule]);
  root = await atrium.people.staff('root@atrium.test', true);
  anna = await atrium.people.memberOf('Acme', 'anna@acme.test');
  gus = await atrium.people.memberOf('Globex', 'gus@globex.test');
});
afterAll(async () => {
  await atrium.stop();
  uninstall();
});
afterEach(async () => {
  await forEverybody('default');
  const { document } = await root.browser.visit(PAGE);
  for (const row of document.querySelectorAll('[data-exceptions] [data-subject]')) {
    const kind = row.querySelector('[name="kind"]')!.getAttribute('value')!;
    await except({ kind, subject_id: row.getAttribute('data-subject')! }, 'default');
  }
});

const PAGE = '/admin/flags/sampler/';
const forEverybody = (unit: string, percent = 100) =>
  root.browser.fill(PAGE, { unit, percent: String(percent) });
const except = (whom: Record<string, string>, state: string) =>
  root.browser.post(`${PAGE}exceptions/`, { ...whom, state });
const organisationOf = ({ tenantId }: Person) => ({ kind: 'tenant', subject_id: tenantId! });
const person = ({ userId }: Person) => ({ kind: 'user', subject_id: userId });
const statusFor = async ({ browser }: Person) => (await browser.visit('/sampler/')).status;
const showsEntry = (sight: Sight) => sight.document.querySelector('a[href^="/sampler/"]') !== null;

async function within(milliseconds: number, isTrue: () => Promise<boolean>): Promise<boolean> {
  const began = Date.now();
  do {
    if (await isTrue()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  } while (Date.now() - began < milliseconds);
  return false;
}

test('a flag that is off for an organisation removes page, navigation and API there', async () => {
  const client = await atrium.api().login(anna.email, PASSWORD);
  expect(showsEntry(await anna.browser.visit('/dashboard/'))).toBe(true);
  expect((await client.get('/sampler')).status).toBe(200);
  expect((await client.get('/me')).body.features).toMatchObject({ sampler: true });

  const found = await root.browser.visit(`${PAGE}?q=acm`);
  expect(found.at('[data-candidates]')).toContain('Acme');
  const saved = await root.browser.follow(await except(organisationOf(anna), 'off'));
  expect(saved.at('[data-exceptions]')).toContain('Acme');

  expect(await statusFor(anna)).toBe(404);
  expect((await anna.browser.post('/sampler/new/', { name: 'One' })).status).toBe(404);
  expect(showsEntry(await anna.browser.visit('/dashboard/'))).toBe(false);
  expect((await client.get('/sampler')).status).toBe(404);
  expect((await client.get('/me')).body.features).toMatchObject({ sampler: false });

  expect(await statusFor(gus)).toBe(200);
  expect(showsEntry(await gus.browser.visit('/dashboard/'))).toBe(true);
});

test('a person’s override takes precedence over the organisation’s, until it is removed', async () => {
  await except(organisationOf(anna), 'off');
  const found = await root.browser.visit(`${PAGE}?q=ANNA@acme.test`);
  expect(found.at('[data-candidates]')).toContain('Anna');
  await except(person(anna), 'on');
  expect(await statusFor(anna)).toBe(200);
  await except(person(anna), 'default');
  expect(await statusFor(anna)).toBe(404);
  await except(organisationOf(anna), 'default');
  expect(await statusFor(anna)).toBe(200);
});

test('a rollout percentage is stable, and a larger one only adds', async () => {
  const place = placeOf(SAMPLER, anna.tenantId!);
  await forEverybody('tenant', Math.floor(place));
  expect(await statusFor(anna)).toBe(404);
  await forEverybody('tenant', Math.floor(place) + 1);
  expect(await statusFor(anna)).toBe(200);
  expect(await statusFor(anna)).toBe(200);

  await forEverybody('user', 0);
  expect([await statusFor(anna), await statusFor(gus)]).toEqual([404, 404]);
  await except(person(gus), 'on');
  expect([await statusFor(anna), await statusFor(gus)]).toEqual([404, 200]);
});

test('positions are evenly distributed and differ by flag', () => {
  const ids = Array.from({ length: 10_000 }, () => randomUUID());
  const below = (flag: string) => ids.filter((id) => placeOf(flag, id) < 25);
  expect(below('one').length).toBeGreaterThan(2_300);
  expect(below('one').length).toBeLessThan(2_700);
  const both = below('one').filter((id) => placeOf('two', id) < 25);
  expect(both.length).toBeLessThan(1_000);
  // The first bytes of its SHA-256 are 36409ff7: a place that moved would switch people over.
  const place = placeOf(SAMPLER, '00000000-0000-4000-8000-000000000000');
  expect(place).toBeCloseTo(21.1924, 4);
});

test('invalid input is refused and changes nothing', async () => {
  for (const percent of ['101', '-1', 'half', '']) {
    const refused = await root.browser.fill(PAGE, { unit: 'user', percent });
    expect([percent, refused.status]).toEqual([percent, 422]);
    expect(refused.errorOf('percent')).toContain('Use a whole number from 0 to 100.');
  }
  expect((await except({ kind: 'tenant', subject_id: randomUUID() }, 'off')).status).toBe(404);
  expect((await except({ kind: 'tenant', subject_id: 'acme' }, 'off')).status).toBe(404);
  expect((await root.browser.visit('/admin/flags/constructor/')).status).toBe(404);
  expect(await statusFor(anna)).toBe(200);
});

test('staff read, superusers change, and everybody else gets a 404', async () => {
  const sue = await atrium.people.staff('sue@atrium.test');
  const seen = await sue.browser.visit(`${PAGE}?q=acme`);
  expect(seen.text).toContain('Only superusers can change it');
  expect(seen.document.querySelectorAll('main form[method="post"]')).toHaveLength(0);
  const tried = [
    await sue.browser.post(PAGE, { unit: 'user', percent: '0' }),
    await sue.browser.post(`${PAGE}exceptions/`, { ...organisationOf(anna), state: 'off' }),
  ];
  expect(tried.map(({ status }) => status)).toEqual([403, 403]);
  expect((await gus.browser.visit('/admin/flags/')).status).toBe(404);
  expect((await gus.browser.post(PAGE, { unit: 'user', percent: '0' })).status).toBe(404);
  expect(await statusFor(anna)).toBe(200);
});

test('every change is in the audit trail: the operator’s own, or that of whom it is about', async () => {
  await atrium.sql('TRUNCATE audit_entry, audit_head');
  await forEverybody('tenant', 40);
  await except(organisationOf(anna), 'off');
  await except(organisationOf(anna), 'off');
  await except(person(gus), 'on');
  const entries = await atrium.sql(
    `SELECT tenant_id, actor_id, subject_name, changes FROM audit_entry
     WHERE action = 'flag.changed' ORDER BY at`,
  );
  const entry = (tenantId: string | null, name: string, changes: object) => ({
    tenant_id: tenantId,
    actor_id: root.userId,
    subject_name: name,
    changes,
  });
  expect(entries).toEqual([
    entry(null, 'sampler', {
      percent: { from: null, to: 40 },
      unit: { from: null, to: 'tenant' },
    }),
    entry(anna.tenantId, 'sampler: Acme', { is_on: { from: null, to: false } }),
    entry(gus.tenantId, 'sampler: Gus', { is_on: { from: null, to: true } }),
  ]);
});

test('a service asks with the same call, for whoever its scope speaks for', async () => {
  await except(organisationOf(anna), 'off');
  const features = atrium.app.get(FeatureFlags);
  const inTenant = (tenantId: string | null) =>
    runInContext({ tenantId }, () => features.isOn(SAMPLER));
  expect([inTenant(anna.tenantId), inTenant(gus.tenantId), inTenant(null)]).toEqual([
    false,
    true,
    true,
  ]);
});

test('a change by another process applies within a second, also after a lost connection', async () => {
  const isOff = async () => (await statusFor(anna)) === 404;
  await atrium.sql(
    `INSERT INTO feature_rollout (flag, percent, unit) VALUES ('sampler', 0, 'user')`,
  );
  expect(await within(1_000, isOff)).toBe(true);
  await atrium.sql(`DELETE FROM feature_rollout`);
  expect(await within(1_000, async () => !(await isOff()))).toBe(true);
  if (ENGINE === 'embedded') return;

  await atrium.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%'`);
  await atrium.sql(
    `INSERT INTO feature_rollout (flag, percent, unit) VALUES ('sampler', 0, 'user')`,
  );
  expect(await within(3_000, isOff)).toBe(true);
});

(ENGINE === 'server' ? test : test.skip)(
  'of two instances on one database, each sees within a second what the other changed',
  async () => {
    const other = await createApp(
      atrium.config,
      DatabaseServer.remote(atrium.database.url!, atrium.database.directUrl),
      [SamplerModule],
    );
    await other.listen(0, '127.0.0.1');
    try {
      const there = new Browser(other.getHttpServer());
      await there.fill('/login/', { email: anna.email, password: PASSWORD });
      const status = async () => (await there.visit('/sampler/')).status;
      expect(await status()).toBe(200);
      await except(organisationOf(anna), 'off');
      expect(await within(1_000, async () => (await status()) === 404)).toBe(true);
    } finally {
      await other.close();
    }
  },
);

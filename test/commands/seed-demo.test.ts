import bcrypt from 'bcrypt';
import type pg from 'pg';
import { AuditTrail } from '../../src/audit/audit-trail.service.js';
import { welcome } from '../../src/commands/seed-demo.js';
import { writeDemo } from '../../src/commands/demo/write-demo.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web', BILLING_PROVIDER: 'sandbox' });
  expect(await seed()).toBe(true);
});
afterAll(() => atrium.stop());

async function seed(): Promise<boolean> {
  const client: pg.PoolClient = await atrium.database.owner.connect();
  try {
    await client.query('BEGIN');
    const run = async (text: string, values?: unknown[]) =>
      (await client.query<object>(text, values)).rows;
    const isNew = await writeDemo(run, await bcrypt.hash(PASSWORD, 4));
    await client.query('COMMIT');
    return isNew;
  } finally {
    client.release();
  }
}

const demo = (name: string): Promise<Person> => atrium.people.signedIn(`${name}@ketje.example`);

test('its people sign in and see the organisation in their own language', async () => {
  const emma = await demo('emma');
  const dashboard = await emma.browser.visit('/dashboard/');
  expect(dashboard.text).toContain('Welcome Emma Claes');
  expect(dashboard.text).toMatch(/Amélie Laurent added the project .* [34] days ago/);
  expect(
    (await emma.browser.visit('/projects/')).document.querySelectorAll('tbody tr').length,
  ).toBe(11);
  const users = await emma.browser.visit('/settings/users/');
  expect(users.document.querySelectorAll('[data-member]')).toHaveLength(8);
  expect(users.document.querySelectorAll('[data-invitation]')).toHaveLength(2);

  const { browser } = await demo('lotte');
  expect((await browser.visit('/dashboard/')).text).toContain('Welkom Lotte Peeters');
  const thomas = await demo('thomas');
  expect((await thomas.browser.visit('/dashboard/')).text).toContain('Bienvenue Thomas Dubois');
  await expect(
    demo('jonas').then(({ browser: gone }) => gone.visit('/dashboard/')),
  ).resolves.toMatchObject({
    location: '/account/revoked/',
  });
});

test('the command says where to sign in, and as whom', async () => {
  const at = (appUrl?: string) => /Sign in at (.*) as one of/.exec(welcome(appUrl))?.[1];
  expect(at('https://atrium.example')).toBe('https://atrium.example/login/');
  expect(at('https://atrium.example/')).toBe('https://atrium.example/login/');
  // Without APP_URL nobody knows at which port the product runs.
  expect(at()).toBe('/login/ of the running product');
  const told = welcome(undefined).match(/\S+@\S+/g)!;
  const people = await atrium.sql<{ email: string }>(
    `SELECT u.email FROM users u JOIN user_profile p ON p.user_id = u.id
     WHERE p.is_active AND u.email LIKE '%@ketje.example'`,
  );
  expect(told.sort()).toEqual(people.map(({ email }) => email).sort());
});

test('everything in it has happened, and its audit trail is unbroken', async () => {
  const [row] = await atrium.sql<{ future: number; entries: number }>(
    `SELECT count(*) FILTER (WHERE at > now())::int AS future, count(*)::int AS entries FROM audit_entry`,
  );
  expect(row!.future).toBe(0);
  expect(row!.entries).toBeGreaterThan(50);
  expect((await atrium.app.get(AuditTrail).verify()).broken).toEqual([]);
});

test('later changes have audit columns and chained entries', async () => {
  const { browser, userId } = await demo('sofia');
  await browser.fill('/projects/new/', { name: 'One more' });
  const [project] = await atrium.sql(
    `SELECT created_by, created_at > now() - interval '1 minute' AS "isNew" FROM project
     WHERE name = 'One more'`,
  );
  expect(project).toEqual({ created_by: userId, isNew: true });
  expect((await atrium.app.get(AuditTrail).verify()).broken).toEqual([]);
});

test('no limit of a plan holds for it, whatever is sold', async () => {
  const api = await atrium.api().login('emma@ketje.example', PASSWORD);
  const { body } = await api.get('/me');
  expect([body.entitlements, body.limits]).toEqual([
    { api_keys: true },
    { members: null, projects: null },
  ]);
});

test('a second run changes nothing', async () => {
  const count = () =>
    atrium.sql(`SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM project) AS projects,
      (SELECT count(*) FROM audit_entry) AS entries`);
  const before = await count();
  expect(await seed()).toBe(false);
  expect(await count()).toEqual(before);
});

test('row-level security and triggers are restored', async () => {
  const [row] = await atrium.sql(
    `SELECT (SELECT bool_and(relforcerowsecurity) FROM pg_class
        WHERE relname IN ('tenant', 'users', 'user_profile', 'session', 'invitation', 'project',
          'audit_entry', 'audit_head')) AS forced,
      (SELECT count(*)::int FROM pg_trigger WHERE tgname = 'stamp_audit' AND tgenabled <> 'O') AS "off"`,
  );
  expect(row).toEqual({ forced: true, off: 0 });
});

import { jest } from '@jest/globals';
import { SecurityRepository } from '../../src/second-factor/organisation/security.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import { setUpApp, waiting } from '../support/factors.js';
import { PASSWORD, type Person } from '../support/people.js';

const SECURITY = '/settings/security/';

let atrium: TestApp;
let ada: Person;
let ben: Person;
let cleo: Person;

beforeAll(async () => {
  atrium = await startApp({ REQUIRE_STAFF_SECOND_FACTOR: 'true' });
  ada = await atrium.people.adminOf('Acme', 'ada@acme.example');
  ben = await atrium.people.memberOf('Acme', 'ben@acme.example');
  cleo = await atrium.people.memberOf('Acme', 'cleo@acme.example');
  await setUpApp(atrium, cleo);
});
afterAll(() => atrium.stop());

test('an admin sees who has a second factor and reminds the others', async () => {
  const page = await ada.browser.visit(SECURITY);
  expect(page.text).toContain('2 of 3 people have no second factor');
  expect(page.text).toMatch(/cleo.*Authenticator app/);
  expect((await ada.browser.arrive('/settings/users/')).text).toMatch(
    /ben@\S+ (?:(?!@).)*Off.*cleo@\S+ (?:(?!@).)*Authenticator app/i,
  );
  await ada.browser.visit(SECURITY);
  const sent = await ada.browser.follow(await ada.browser.submit(`${SECURITY}remind/`));
  expect(sent.text).toContain('2 reminders are on their way');
  const mail = await atrium.mails.expect(ben.email, /Set up two-step login/);
  expect(mail.text).toContain('Acme asks you');
  expect((await ben.browser.visit(SECURITY)).status).toBe(403);
});

test('each is reminded in their own language, and all of them where they are many', async () => {
  const host = await atrium.people.adminOf('Many', 'host@many.example');
  const made = await atrium.sql<{ id: string; email: string }>(
    `INSERT INTO users (email, password_hash) SELECT 'p' || n || '@many.example', 'none'
     FROM generate_series(1, 230) n RETURNING id, email`,
  );
  await atrium.sql(
    `INSERT INTO user_profile (user_id, display_name, tenant_id, role, tenant_joined_at, language_id)
     SELECT u.id, u.email, $2, 'member', now(), (SELECT id FROM language WHERE code =
       CASE u.email WHEN 'p1@many.example' THEN 'nl' WHEN 'p2@many.example' THEN 'fr' ELSE 'en' END)
     FROM users u WHERE u.id = ANY ($1::uuid[])`,
    [made.map(({ id }) => id), host.tenantId],
  );
  const page = await host.browser.visit(SECURITY);
  expect(page.text).toContain('231 of 231 people have no second factor');
  expect(page.text).toContain('The first 200 are listed.');
  const lock = jest.spyOn(atrium.app.get(SecurityRepository), 'lock');
  const sent = await host.browser.follow(await host.browser.submit(`${SECURITY}remind/`));
  expect(sent.text).toContain('231 reminders are on their way');
  await atrium.mails.expect('p1@many.example', /Stel aanmelden in twee stappen in/);
  await atrium.mails.expect('p2@many.example', /connexion/);
  for (const n of [3, 230]) {
    await atrium.mails.expect(`p${n}@many.example`, /Set up two-step login/);
  }
  // Mails to many are queued while nobody else of the organisation waits.
  expect(lock).not.toHaveBeenCalled();
  lock.mockRestore();
});

test('until the day from which it is required people go on without', async () => {
  await ada.browser.visit(SECURITY);
  const from = '2999-01-31';
  const saved = await ada.browser.submit(SECURITY, { policy: 'required', from });
  expect(saved.status).toBe(303);
  expect((await ada.browser.visit(SECURITY)).value('from')).toBe(from);
  expect((await ben.browser.visit('/dashboard/')).status).toBe(200);
});

test('of two admins who decide at once the second is told', async () => {
  const other = await atrium.people.signedIn(ada.email);
  await ada.browser.visit(SECURITY);
  await other.browser.visit(SECURITY);
  await ada.browser.submit(SECURITY, { policy: 'required', from: '2999-02-01' });
  const stale = await other.browser.submit(SECURITY, { policy: 'optional', from: '' });
  expect([stale.status, stale.text]).toEqual([
    422,
    expect.stringContaining('Somebody else changed'),
  ]);
});

test('from then on it is a step of onboarding, on pages and through the API', async () => {
  await ada.browser.visit(SECURITY);
  await ada.browser.submit(SECURITY, { policy: 'required', from: '' });
  const held = await ben.browser.visit('/projects/?q=roof');
  const step = '/profile/second-factor/?next=%2Fprojects%2F%3Fq%3Droof';
  expect([held.status, held.location]).toEqual([302, step]);
  const client = await atrium.api().login(ben.email, PASSWORD);
  expect((await client.get('/projects')).body).toMatchObject({
    status: 403,
    next_step: 'second_factor',
  });
  const page = await ben.browser.visit(step);
  expect(page.text).toContain('requires a second factor');
  await setUpApp(atrium, ben);
  expect((await ben.browser.visit('/projects/')).status).toBe(200);
  expect((await cleo.browser.visit('/projects/')).status).toBe(200);
});

test('whoever removes the factor is held again', async () => {
  await ben.browser.visit('/profile/second-factor/');
  await ben.browser.submit('/profile/second-factor/authenticator/remove/');
  expect((await ben.browser.visit('/projects/')).location).toContain('/profile/second-factor/');
  await setUpApp(atrium, ben);
});

test('an admin resets the factors of a member who lost them, never those of an admin', async () => {
  await setUpApp(atrium, ada);
  await ada.browser.visit(SECURITY);
  const reset = await ada.browser.submit(`${SECURITY}${cleo.profileId}/reset/`);
  expect(reset.location).toBe(SECURITY);
  expect((await cleo.browser.visit('/projects/')).location).toContain('/login/');
  await atrium.mails.expect(cleo.email, /second factors have been reset/);
  const back = await atrium.people.signedIn(cleo.email);
  expect((await back.browser.visit('/projects/')).location).toContain('/profile/second-factor/');

  const carl = await atrium.people.adminOf('Acme', 'carl@acme.example');
  await setUpApp(atrium, carl);
  const refused = await ada.browser.post(`${SECURITY}${carl.profileId}/reset/`);
  expect((await ada.browser.follow(refused)).text).toContain('only be reset by our staff');
  await waiting(atrium, carl.email, PASSWORD);
});

test('nor those of a member who is staff: whoever has that account has the back office', async () => {
  const sam = await atrium.people.memberOf('Acme', 'sam@acme.example');
  await setUpApp(atrium, sam);
  await atrium.sql('UPDATE users SET is_staff = true WHERE id = $1', [sam.userId]);
  for (const [language, said] of [
    ['en', 'one of our staff'],
    ['nl', 'een van onze medewerkers'],
    ['fr', 'partie de notre personnel'],
  ] as const) {
    ada.browser.with('Accept-Language', language);
    const refused = await ada.browser.post(`${SECURITY}${sam.profileId}/reset/`);
    expect((await ada.browser.follow(refused)).text).toContain(said);
  }
  ada.browser.with('Accept-Language', 'en');
  await waiting(atrium, sam.email, PASSWORD);
});

test('an admin of another organisation sees and resets nobody', async () => {
  const eve = await atrium.people.adminOf('Beta', 'eve@beta.example');
  expect((await eve.browser.visit(SECURITY)).text).not.toContain('acme.example');
  const answer = await eve.browser.post(`${SECURITY}${ben.profileId}/reset/`);
  expect(answer.status).toBe(404);
  await waiting(atrium, ben.email, PASSWORD);
});

test('staff reach the back office with a second factor only, and reset those of others', async () => {
  const staff = await atrium.people.staff('root@atrium.example', true);
  expect((await staff.browser.visit('/admin/')).location).toBe(
    '/profile/second-factor/?next=%2Fadmin%2F',
  );
  await setUpApp(atrium, staff);
  expect((await staff.browser.visit('/admin/')).status).toBe(200);
  await staff.browser.visit(`/admin/users/${ben.userId}/reset_factors/`);
  const done = await staff.browser.submit(`/admin/users/${ben.userId}/reset_factors/`);
  expect((await staff.browser.follow(done)).text).toContain('have been reset');
  const own = await staff.browser.post(`/admin/users/${staff.userId}/reset_factors/`);
  expect((await staff.browser.follow(own)).text).toContain('another superuser');
  const rows = await atrium.sql(
    `SELECT 1 FROM audit_entry WHERE action = 'second_factor.reset' AND subject_id = $1`,
    [ben.userId],
  );
  expect(rows).toHaveLength(1);
});

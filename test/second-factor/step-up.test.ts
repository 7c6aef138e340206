import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { setUpApp, type WithFactor } from '../support/factors.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
let ada: Person;
let ben: Person;
let carl: Person;
let carls: WithFactor;

beforeAll(async () => {
  atrium = await startApp();
  ada = await atrium.people.adminOf('Acme', 'ada@acme.example');
  ben = await atrium.people.memberOf('Acme', 'ben@acme.example');
  carl = await atrium.people.adminOf('Acme', 'carl@acme.example');
  carls = await setUpApp(atrium, carl);
  for (const { browser } of [ada, ben, carl]) browser.with('Sec-Fetch-Site', 'same-origin');
});
afterAll(() => atrium.stop());

/** Eleven minutes go by. */
const later = () =>
  atrium.sql(`UPDATE session SET authenticated_at = authenticated_at - interval '11 minutes'`);

const keys = () => atrium.sql<{ name: string }>('SELECT name FROM api_key ORDER BY name');

test('whoever signed in a moment ago is not asked', async () => {
  const sent = await makeKey(ada.browser, 'At once');
  expect([sent.status, sent.at('#new-key')]).toEqual([200, expect.stringMatching(/^\S{20,}$/)]);
});

async function makeKey(browser: Browser, name: string) {
  await browser.visit('/settings/api/');
  return browser.submit('/settings/api/', { name, scopes: 'members:read', lifetime: '30' });
}

test('after ten minutes one confirms with the password, and goes on with what one typed', async () => {
  await later();
  const before = ada.browser.cookie('session');
  const asked = await makeKey(ada.browser, 'Later');
  expect([asked.status, asked.title]).toEqual([403, expect.stringContaining('Is it still you?')]);
  const wrong = await ada.browser.submit('/confirm/', { password: 'not the password' });
  expect([wrong.status, wrong.errorOf('password')]).toEqual([
    422,
    expect.stringContaining('not your current password'),
  ]);
  const kept = await ada.browser.submit('/confirm/', { password: PASSWORD });
  expect(kept.form('/settings/api/')).toMatchObject({ name: 'Later', lifetime: '30' });
  expect(ada.browser.cookie('session')).not.toBe(before);
  expect((await ada.browser.submit('/settings/api/')).status).toBe(200);
  expect(await keys()).toEqual([{ name: 'At once' }, { name: 'Later' }]);
});

test('what is not sensitive is not asked about', async () => {
  await later();
  await ada.browser.visit('/projects/new/');
  const saved = await ada.browser.submit('/projects/new/', { name: 'Roof', status: 'active' });
  expect(saved.status).toBe(303);
  await ada.browser.visit('/settings/users/');
  const invited = await ada.browser.submit('/settings/users/', {
    ...{ action: 'invite', email: 'new@acme.example', role: 'member' },
  });
  expect(invited.status).toBe(303);
});

test('giving a role is', async () => {
  await later();
  await ada.browser.visit('/settings/users/');
  const invite = { action: 'invite', email: 'boss@acme.example', role: 'admin' };
  const asked = await ada.browser.submit('/settings/users/', invite);
  expect(asked.status).toBe(403);
  const promoted = await ada.browser.post('/settings/users/', {
    ...{ action: 'promote', profile_id: ben.profileId },
  });
  expect(promoted.status).toBe(403);
});

test('and giving back a role that was taken is, too', async () => {
  const dora = await atrium.people.adminOf('Acme', 'dora@acme.example');
  const path = `/settings/users/${dora.profileId}/restore/`;
  const act = { action: 'deactivate', profile_id: dora.profileId };
  expect((await ada.browser.post('/settings/users/', act)).status).toBe(303);
  expect((await ada.browser.post(path)).status).toBe(403);
  const [row] = await atrium.sql('SELECT is_active FROM user_profile WHERE id = $1', [
    dora.profileId,
  ]);
  expect(row).toEqual({ is_active: false });
  await ada.browser.visit('/confirm/');
  expect((await ada.browser.submit('/confirm/', { password: PASSWORD })).status).toBe(303);
  expect((await ada.browser.post(path)).status).toBe(303);
});

test('a page that is sensitive comes after the confirmation', async () => {
  await later();
  const asked = await ben.browser.visit('/profile/second-factor/authenticator/');
  const path = '/confirm/?next=%2Fprofile%2Fsecond-factor%2Fauthenticator%2F';
  expect([asked.status, asked.location]).toEqual([302, path]);
  await ben.browser.visit(path);
  const confirmed = await ben.browser.submit('/confirm/', { password: PASSWORD });
  expect(confirmed.location).toBe('/profile/second-factor/authenticator/');
  expect((await ben.browser.follow(confirmed)).at('#totp-secret')).toMatch(/^([A-Z2-7]{4} ){7}/);
});

test('a form that asks for the password is confirmed by it', async () => {
  await later();
  await ben.browser.visit('/profile/security/');
  const changed = await ben.browser.submit('/profile/password/', {
    ...{ current_password: PASSWORD, new_password: 'velvet harbour comet' },
  });
  expect(changed.status).toBe(303);
});

test('whoever has a second factor confirms with it: the password is not enough', async () => {
  await later();
  await carl.browser.visit('/profile/security/');
  const asked = await carl.browser.submit('/profile/password/', {
    ...{ current_password: PASSWORD, new_password: 'velvet harbour comet' },
  });
  expect(asked.status).toBe(403);
  expect(asked.value('password')).toBeUndefined();
  const byPassword = await carl.browser.post('/confirm/', { password: PASSWORD });
  expect(byPassword.status).toBe(422);
  await carl.browser.visit('/confirm/?next=/settings/api/');
  const wrong = await carl.browser.submit('/confirm/', { code: carls.app.wrong() });
  expect(wrong.status).toBe(422);
  const right = await carl.browser.submit('/confirm/', { code: await carls.app.next() });
  expect([right.status, right.location]).toEqual([303, '/settings/api/']);
  expect((await makeKey(carl.browser, 'By code')).status).toBe(200);
});

test('the API says step-up-required, and goes on after it; a key confirms nothing', async () => {
  const client = await atrium.api().login(ada.email, PASSWORD);
  await later();
  const ask = () => client.send('PATCH', `/members/${ben.profileId}`, { role: 'admin' });
  const refused = await ask();
  expect([refused.status, refused.body]).toEqual([
    403,
    expect.objectContaining({ type: 'http://atrium.test/problems/step-up-required' }),
  ]);
  expect((await client.post('/auth/step-up', { password: 'wrong' })).status).toBe(422);
  expect((await client.post('/auth/step-up', { password: PASSWORD })).status).toBe(204);
  expect((await ask()).status).toBe(200);
  const key = await atrium.people.keyOf('Acme', ['members:write']);
  const machine = atrium.api().showing(key);
  const changed = await machine.send('PATCH', `/members/${ben.profileId}`, { role: 'member' });
  expect(changed.status).toBe(200);
});

test('confirming is recorded, a wrong answer too', async () => {
  const rows = await atrium.sql<{ action: string }>(
    `SELECT DISTINCT action FROM audit_entry
     WHERE action IN ('session.confirmed', 'second_factor.refused') ORDER BY 1`,
  );
  expect(rows.map(({ action }) => action)).toEqual(['second_factor.refused', 'session.confirmed']);
});

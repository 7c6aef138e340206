import { startApp, type TestApp } from '../support/app.js';
import { AuthenticatorApp, setUpApp, waiting } from '../support/factors.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

const PAGE = '/profile/second-factor/';
const SET_UP = `${PAGE}authenticator/`;

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

test('the secret is a QR code without inline style, and readable in groups of four', async () => {
  const { browser } = await atrium.people.memberOf('Acme', 'qr@acme.example');
  const page = await browser.visit(SET_UP);
  expect(page.at('#totp-secret')).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  expect(page.document.querySelector('svg.qr-code path')?.getAttribute('d')).toMatch(/^M\d+ \d+h1/);
  expect(page.document.querySelectorAll('[style]')).toHaveLength(0);
  expect(await atrium.sql('SELECT 1 FROM totp')).toEqual([]);
});

test('a wrong code keeps the secret, so that the app need not scan again', async () => {
  const { browser } = await atrium.people.memberOf('Acme', 'typo@acme.example');
  const secret = (await browser.visit(SET_UP)).at('#totp-secret');
  const app = new AuthenticatorApp(secret.replaceAll(' ', ''), atrium, 'typo@acme.example');
  const refused = await browser.submit(SET_UP, { code: app.wrong() });
  expect([refused.status, refused.at('#totp-secret')]).toEqual([422, secret]);
  expect((await browser.submit(SET_UP, { code: app.shows() })).status).toBe(200);
});

test('a secret of somebody else’s page is not taken', async () => {
  const [one, other] = await Promise.all([
    atrium.people.memberOf('Acme', 'one@acme.example'),
    atrium.people.memberOf('Acme', 'other@acme.example'),
  ]);
  const page = await one.browser.visit(SET_UP);
  const { set_up } = page.form(SET_UP);
  const secret = page.at('#totp-secret').replaceAll(' ', '');
  const code = new AuthenticatorApp(secret, atrium, one.email).shows();
  const refused = await other.browser.post(SET_UP, { set_up: set_up!, code });
  expect([refused.status, refused.text]).toEqual([
    422,
    expect.stringContaining('open for too long'),
  ]);
});

test('setting it up ends other sessions, is mailed, and shows ten codes this once', async () => {
  const person = await atrium.people.memberOf('Acme', 'first@acme.example');
  const elsewhere = await atrium.people.signedIn(person.email);
  const { recoveryCodes } = await setUpApp(atrium, person);
  expect(recoveryCodes).toHaveLength(10);
  expect((await elsewhere.browser.visit('/profile/')).location).toContain('/login/');
  await atrium.mails.expect(person.email, /A second factor has been added/);
  const again = await person.browser.arrive(`${PAGE}recovery-codes/`);
  expect(again.text).toContain('10 codes left');
  expect(again.text).not.toContain(recoveryCodes[0]!);
});

test('the session that set it up has another token, and the old one is dead', async () => {
  const person = await atrium.people.memberOf('Acme', 'token@acme.example');
  const old = person.browser.cookie('session')!;
  await setUpApp(atrium, person);
  expect(person.browser.cookie('session')).not.toBe(old);
  expect((await person.browser.visit('/dashboard/')).status).toBe(200);
  const copied = atrium.browser().with('cookie', `atrium_session=${old}`);
  expect((await copied.visit('/dashboard/')).location).toMatch(/^\/login\//);
});

test('of two set-ups at once one holds', async () => {
  const person = await atrium.people.memberOf('Acme', 'twice@acme.example');
  const page = await person.browser.visit(SET_UP);
  const app = new AuthenticatorApp(
    page.at('#totp-secret').replaceAll(' ', ''),
    atrium,
    person.email,
  );
  const code = app.shows();
  const answers = await Promise.all([1, 2, 3].map(() => person.browser.submit(SET_UP, { code })));
  // One that comes after the first has changed the token of the session is of nobody.
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses[0]).toBe(200);
  for (const refused of statuses.slice(1)) expect([403, 422]).toContain(refused);
});

test('new codes take the place of the old ones', async () => {
  const person = await atrium.people.memberOf('Acme', 'codes@acme.example');
  const { recoveryCodes } = await setUpApp(atrium, person);
  await person.browser.visit(PAGE);
  const shown = await person.browser.submit(`${PAGE}recovery-codes/`);
  const [fresh] = shown.at('#recovery-codes').split(' ');
  expect(shown.document.querySelector('a[download]')?.getAttribute('href')).toContain(fresh);
  await atrium.mails.expect(person.email, /You have new recovery codes/);
  const browser = await waiting(atrium, person.email, PASSWORD);
  const old = await browser.fill('/login/second-factor/', { recovery_code: recoveryCodes[0]! });
  expect(old.status).toBe(422);
  const used = await browser.fill('/login/second-factor/', { recovery_code: fresh! });
  expect(used.status).toBe(303);
});

test('without the app the password is enough again, and the codes are gone', async () => {
  const person = await atrium.people.memberOf('Acme', 'gone@acme.example');
  await setUpApp(atrium, person);
  await person.browser.visit(PAGE);
  await person.browser.submit(`${PAGE}authenticator/remove/`);
  await atrium.mails.expect(person.email, /A second factor has been removed/);
  await atrium.people.signedIn(person.email);
  const [entry] = await atrium.sql(
    `SELECT changes FROM audit_entry WHERE action = 'second_factor.removed' AND actor_id = $1`,
    [person.userId],
  );
  expect(entry).toEqual({ changes: { method: { from: 'totp', to: null } } });
  expect(
    await atrium.sql('SELECT 1 FROM recovery_code WHERE user_id = $1', [person.userId]),
  ).toEqual([]);
});

/** Somebody with a confirmed address and an app. */
async function proven(email: string): Promise<Person> {
  const person = await atrium.people.memberOf('Acme', email);
  await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [person.userId]);
  await setUpApp(atrium, person);
  return person;
}

/** What is left when they open the notice of new recovery codes, the latest. */
async function afterUndoingCodes({ browser, email, userId }: Person): Promise<unknown> {
  await browser.visit(PAGE);
  await browser.submit(`${PAGE}recovery-codes/`);
  const latest = await atrium.mails.expect(email, /You have new recovery codes/);
  await atrium.browser().press(linkIn(latest));
  const [user] = await atrium.sql('SELECT second_factors FROM users WHERE id = $1', [userId]);
  return user;
}

test('whichever notice is opened, all factors since the oldest one are taken back', async () => {
  const person = await proven('several@acme.example');
  const user = await afterUndoingCodes(person);
  expect(user).toEqual({ second_factors: [] });
});

test('a factor from before the oldest notice that still works stays', async () => {
  const person = await proven('older@acme.example');
  await atrium.sql('UPDATE user_token SET expires_at = now() WHERE user_id = $1', [person.userId]);
  const user = await afterUndoingCodes(person);
  expect(user).toEqual({ second_factors: ['totp'] });
});

test('“this was not me” takes back a factor that an intruder added', async () => {
  const person = await atrium.people.memberOf('Acme', 'victim@acme.example');
  await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [person.userId]);
  await setUpApp(atrium, person);
  const mail = await atrium.mails.expect(person.email, /A second factor has been added/);
  await atrium.browser().press(linkIn(mail));
  const [user] = await atrium.sql('SELECT second_factors FROM users WHERE id = $1', [
    person.userId,
  ]);
  expect(user).toEqual({ second_factors: [] });
});

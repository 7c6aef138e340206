import { startApp, type TestApp } from '../support/app.js';
import { ApiClient } from '../support/api.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const STOLEN = 'stolen copper violin';
const CHOSEN = 'harbour candle meadow';
let made = 0;

/** A person with a verified address, and an intruder who knows the password. */
async function victimAndThief(): Promise<{ victim: Person; thief: Person }> {
  const victim = await atrium.people.adminOf(`Firm ${++made}`, `victim${made}@acme.example`);
  await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [victim.userId]);
  return { victim, thief: await atrium.people.signedIn(victim.email) };
}

const emailOf = async ({ userId }: Person) =>
  (await atrium.sql<{ email: string }>('SELECT email FROM users WHERE id = $1', [userId]))[0]!
    .email;

const askChange = async ({ browser }: Person, email: string, password = PASSWORD) => {
  const asked = await browser.post('/profile/email/', { email, password });
  expect(asked.status).toBe(303);
};

const canSignIn = async (email: string, password: string) =>
  (await atrium.browser().fill('/login/', { email, password })).status === 303;

test('what a thief began does not survive that the owner changes the password', async () => {
  const { victim, thief } = await victimAndThief();
  const client = await new ApiClient(atrium.server).login(victim.email, PASSWORD);
  await askChange(thief, `evil${made}@thief.example`);
  const link = linkIn(await atrium.mails.expect(`evil${made}@thief.example`, /Confirm your new/));
  await atrium.mails.expect(victim.email, /about to change/);
  const words = { current_password: PASSWORD, new_password: CHOSEN };
  expect((await victim.browser.post('/profile/password/', words)).status).toBe(303);

  expect((await thief.browser.press(link)).status).toBe(400);
  expect((await victim.browser.press(link)).status).toBe(400);
  expect(await emailOf(victim)).toBe(victim.email);
  expect((await thief.browser.visit('/dashboard/')).status).toBe(302);
  expect((await client.get('/me')).status).toBe(401);
  const { refresh_token } = client.tokens!;
  expect((await atrium.api().post('/auth/refresh', { refresh_token })).status).toBe(401);
});

test('a changed password gives the session another token, and the old one is dead', async () => {
  const { victim } = await victimAndThief();
  const old = victim.browser.cookie('session')!;
  const words = { current_password: PASSWORD, new_password: CHOSEN };
  expect((await victim.browser.post('/profile/password/', words)).status).toBe(303);
  expect(victim.browser.cookie('session')).not.toBe(old);
  expect((await victim.browser.visit('/dashboard/')).status).toBe(200);
  const copied = atrium.browser().with('cookie', `atrium_session=${old}`);
  expect((await copied.visit('/dashboard/')).location).toMatch(/^\/login\//);
});

test('the notice leads back, also when the thief was faster: address and all', async () => {
  const { victim, thief } = await victimAndThief();
  await askChange(thief, `evil${made}@thief.example`);
  const notice = linkIn(await atrium.mails.expect(victim.email, /about to change/));
  const confirm = await atrium.mails.expect(`evil${made}@thief.example`, /Confirm your new/);
  expect((await thief.browser.press(linkIn(confirm))).status).toBe(303);
  // The intruder changes password and address, and uses the notice's link.
  const words = { current_password: PASSWORD, new_password: STOLEN };
  expect((await thief.browser.post('/profile/password/', words)).status).toBe(303);
  const theirs = linkIn(
    await atrium.mails.expect(`evil${made}@thief.example`, /password has been changed/),
  );
  expect(theirs).toMatch(/^\/email\/not-me\//);
  expect((await atrium.browser().press(theirs)).status).toBe(303);
  expect(await emailOf(victim)).toBe(`evil${made}@thief.example`);

  const visitor = atrium.browser();
  const page = await visitor.visit(notice);
  expect([page.status, page.at('h1')]).toEqual([200, 'This was not me']);
  expect(page.text).toContain(victim.email);
  expect(page.response.get('cache-control')).toBe('no-store');
  expect(await emailOf(victim)).toBe(`evil${made}@thief.example`);
  const done = await visitor.submit(notice);
  expect([done.status, done.location]).toEqual([303, '/password-reset/done/']);
  expect((await visitor.follow(done)).response.text).toContain(
    `We sent a link to choose a new password to ${victim.email}`,
  );
  expect(await emailOf(victim)).toBe(victim.email);
  for (const password of [PASSWORD, STOLEN]) {
    expect(await canSignIn(victim.email, password)).toBe(false);
  }
  expect((await visitor.visit(notice)).status).toBe(400);

  const reset = linkIn(await atrium.mails.expect(victim.email, /Reset your password/));
  expect((await visitor.press(reset, { password: CHOSEN })).status).toBe(303);
  expect(await canSignIn(victim.email, CHOSEN)).toBe(true);
  expect(await canSignIn(`evil${made}@thief.example`, STOLEN)).toBe(false);
});

test('of several who press the button at once, one takes the account back', async () => {
  const { victim, thief } = await victimAndThief();
  await askChange(thief, `evil${made}@thief.example`);
  const notice = linkIn(await atrium.mails.expect(victim.email, /about to change/));
  const visitors = Array.from({ length: 4 }, () => atrium.browser());
  await Promise.all(visitors.map((visitor) => visitor.visit(notice)));
  const answers = await Promise.all(visitors.map((visitor) => visitor.submit(notice)));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400]);
});

test('the link of a notice is worthless after a week', async () => {
  const { victim, thief } = await victimAndThief();
  await askChange(thief, `evil${made}@thief.example`);
  const notice = linkIn(await atrium.mails.expect(victim.email, /about to change/));
  await atrium.sql('UPDATE user_token SET expires_at = now() WHERE user_id = $1', [victim.userId]);
  expect((await atrium.browser().visit(notice)).status).toBe(400);
  expect((await atrium.browser().post(notice)).status).toBe(400);
});

test('an address nobody has proven gets no such link: it may be mistyped', async () => {
  const anna = await atrium.people.memberOf('Acme', `typo${++made}@acme.example`);
  await askChange(anna, `right${made}@acme.example`);
  const notice = await atrium.mails.expect(anna.email, /about to change/);
  expect(linkIn(notice)).toBe('/password-reset/');
  const confirm = await atrium.mails.expect(`right${made}@acme.example`, /Confirm your new/);
  expect((await anna.browser.press(linkIn(confirm))).status).toBe(303);
  expect((await atrium.mails.expect(anna.email, /has been changed/)).text).not.toContain('http');
});

test.each([
  ['nl', 'Dit was ik niet', 'Mijn account beveiligen'],
  ['fr', 'Ce n’était pas moi', 'Sécuriser mon compte'],
])('it is said in %s too', async (language, title, button) => {
  const { victim } = await victimAndThief();
  const browser = (await atrium.people.signedIn(victim.email)).browser;
  browser.with('Accept-Language', language);
  await askChange({ ...victim, browser }, `new${made}@acme.example`);
  const mail = await atrium.mails.expect(victim.email, /e-mail/i, 2);
  expect(mail.text).toContain(title);
  const page = await atrium.browser().with('Accept-Language', language).visit(linkIn(mail));
  expect([page.at('h1'), page.at('main form button')]).toEqual([title, button]);
});

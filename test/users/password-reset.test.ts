import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const CHOSEN = 'copper window violin';
let made = 0;
const member = (): Promise<Person> =>
  atrium.people.memberOf('Acme', `member${++made}@acme.example`);

const ask = (email: string, browser: Browser = atrium.browser()) =>
  browser.fill('/password-reset/', { email });

/** The link of a mail somebody has just asked for. */
async function linkFor(email: string): Promise<string> {
  await ask(email);
  return linkIn(await atrium.mails.expect(email, /reset/i));
}

const canSignIn = async (email: string, password: string) =>
  (await atrium.browser().fill('/login/', { email, password })).status === 303;

test('somebody who forgot a password chooses another by mail', async () => {
  const { email } = await member();
  const browser = atrium.browser();
  const asked = await ask(email.toUpperCase(), browser);
  expect([asked.status, asked.location]).toEqual([303, '/password-reset/done/']);
  expect((await browser.follow(asked)).at('h1')).toBe('Check your mailbox');

  const link = linkIn(await atrium.mails.expect(email, /reset/i));
  const chosen = await browser.fill(link, { password: CHOSEN });
  expect([chosen.status, chosen.location]).toEqual([303, '/password-reset/complete/']);
  expect((await browser.follow(chosen)).at('h1')).toBe('Your password has been changed');
  expect(await canSignIn(email, CHOSEN)).toBe(true);
  expect(await canSignIn(email, PASSWORD)).toBe(false);
  await atrium.mails.expect(email, /has been changed/i);
});

test('the answer does not tell whether there is an account, and only a real one gets mail', async () => {
  const { email } = await member();
  const closed = await member();
  await atrium.sql('UPDATE users SET is_active = false WHERE id = $1', [closed.userId]);
  const answers = await Promise.all(
    [email, 'nobody@acme.example', closed.email].map((each) => ask(each)),
  );
  for (const { status, location } of answers) {
    expect([status, location]).toEqual([303, '/password-reset/done/']);
  }
  await atrium.mails.expect(email, /reset/i);
  await atrium.mails.expect(await lastAsked(), /reset/i);
  expect(await atrium.mails.to('nobody@acme.example')).toEqual([]);
  const closedMails = await atrium.mails.to(closed.email);
  expect(closedMails.filter(({ subject }) => /reset/i.test(subject))).toEqual([]);
});

/** Jobs are done in the order they came: when this one's mail is there, those before it are done. */
async function lastAsked(): Promise<string> {
  const { email } = await member();
  await ask(email);
  return email;
}

test('what is no address is refused at the field', async () => {
  const refused = await ask('nobody');
  expect([refused.status, refused.errorOf('email')]).toEqual([
    422,
    expect.stringContaining('Enter an e-mail address'),
  ]);
});

test('the link works once', async () => {
  const { email } = await member();
  const link = await linkFor(email);
  expect((await atrium.browser().fill(link, { password: CHOSEN })).status).toBe(303);
  const again = await atrium.browser().visit(link);
  expect([again.status, again.at('h1')]).toEqual([400, 'This link no longer works']);
  const posted = await atrium.browser().post(link, { password: 'yet another phrase' });
  expect(posted.status).toBe(400);
  expect(await canSignIn(email, CHOSEN)).toBe(true);
});

test('of several who use the link at once, one succeeds', async () => {
  const { email, userId } = await member();
  const link = await linkFor(email);
  const browsers = Array.from({ length: 4 }, () => atrium.browser());
  await Promise.all(browsers.map((browser) => browser.visit(link)));
  const answers = await Promise.all(
    browsers.map((browser, n) => browser.submit(link, { password: `phrase number ${n}` })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400]);
  const winner = answers.findIndex(({ status }) => status === 303);
  expect(await canSignIn(email, `phrase number ${winner}`)).toBe(true);
  const [row] = await atrium.sql(
    `SELECT count(*)::int AS used FROM user_token
     WHERE user_id = $1 AND purpose = 'password_reset' AND used_at IS NOT NULL`,
    [userId],
  );
  expect(row).toEqual({ used: 1 });
});

test('the link works for one hour', async () => {
  const { email, userId } = await member();
  const link = await linkFor(email);
  const [row] = await atrium.sql(
    `SELECT round(extract(epoch FROM expires_at - created_at))::int AS seconds FROM user_token
     WHERE user_id = $1 AND purpose = 'password_reset'`,
    [userId],
  );
  expect(row).toEqual({ seconds: 3600 });
  await atrium.sql(
    `UPDATE user_token SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
    [userId],
  );
  expect((await atrium.browser().visit(link)).status).toBe(400);
  expect((await atrium.browser().post(link, { password: CHOSEN })).status).toBe(400);
});

test('asking again makes the older link worthless', async () => {
  const { email } = await member();
  const older = await linkFor(email);
  await ask(email);
  const newer = linkIn(await atrium.mails.expect(email, /reset/i, 2));
  expect((await atrium.browser().visit(older)).status).toBe(400);
  expect((await atrium.browser().visit(newer)).status).toBe(200);
});

test.each(['x', 'a'.repeat(43), '%00', "'--", 'a'.repeat(3_000), '..%2f..%2f', '💥'])(
  'the link "%s" is a page that says it no longer works',
  async (token) => {
    const path = `/password-reset/confirm/${token === '%00' ? token : encodeURI(token)}/`;
    const browser = atrium.browser();
    const page = await browser.visit(path);
    expect([page.status, page.at('h1')]).toEqual([400, 'This link no longer works']);
    expect((await browser.post(path, { password: CHOSEN })).status).toBe(400);
  },
);

test('a reset signs everybody else out, and counts as proof of the address', async () => {
  const person = await member();
  const elsewhere = await atrium.people.signedIn(person.email);
  await atrium.sql('UPDATE users SET email_verified_at = NULL WHERE id = $1', [person.userId]);
  const link = await linkFor(person.email);
  expect((await atrium.browser().fill(link, { password: CHOSEN })).status).toBe(303);
  for (const { browser } of [person, elsewhere]) {
    expect((await browser.visit('/dashboard/')).status).toBe(302);
  }
  const [user] = await atrium.sql(
    'SELECT email_verified_at IS NOT NULL AS verified FROM users WHERE id = $1',
    [person.userId],
  );
  expect(user).toEqual({ verified: true });
});

test('the new password is held to the same rules, and the link stays good', async () => {
  const { email } = await member();
  const link = await linkFor(email);
  const browser = atrium.browser();
  const rules: [string, string][] = [
    ['short', 'at least 12 characters'],
    ['password123', 'used by many people'],
    ['8392017465', 'more than digits alone'],
    [email, 'too much like your e-mail address'],
    ['x'.repeat(73), 'at most 72 bytes'],
    ['', 'Enter a password.'],
  ];
  for (const [password, reason] of rules) {
    const refused = await browser.fill(link, { password });
    expect([password, refused.status]).toEqual([password, 422]);
    expect(refused.errorOf('password')).toContain(reason);
    expect(refused.value('password')).toBeUndefined();
  }
  expect((await browser.fill(link, { password: CHOSEN })).status).toBe(303);
});

test('a link in a mail leads to the configured address, whatever the request claims', async () => {
  const { email } = await member();
  const browser = atrium.browser().with('Host', 'evil.example');
  await ask(email, browser);
  const mail = await atrium.mails.expect(email, /reset/i);
  expect(mail.text).toContain('http://atrium.test/password-reset/confirm/');
  expect(mail.text + mail.html).not.toContain('evil.example');
});

test('the mail is in the language of who asked', async () => {
  const { email } = await member();
  await ask(email, atrium.browser().with('Accept-Language', 'fr'));
  await atrium.mails.expect(email, /Réinitialis/);
});

import { startApp, type TestApp } from '../support/app.js';
import { setUpApp } from '../support/factors.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ SESSION_MAX_PER_PERSON: '3' })));
afterAll(() => atrium.stop());

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const NEW = /New login to your account/;
let made = 0;

/** A person of a proven address, unless told otherwise. */
async function member(isProven = true): Promise<Person> {
  const person = await atrium.people.memberOf('Acme', `device${++made}@acme.example`);
  if (isProven) {
    await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [person.userId]);
  }
  return person;
}

const told = async (email: string) =>
  (await atrium.mails.to(email)).filter(({ subject }) => NEW.test(subject)).length;

const isIn = async ({ browser }: Pick<Person, 'browser'>) =>
  (await browser.visit('/dashboard/')).status === 200;

test('a sign-in from another browser is told, once, and from a known one not', async () => {
  const { email } = await member();
  const browser = atrium.browser().with('User-Agent', FIREFOX);
  await browser.fill('/login/', { email, password: PASSWORD });
  const mail = await atrium.mails.expect(email, NEW);
  // Mails break what a mail client would make a link of.
  const text = mail.text.replaceAll('\u2060', '');
  expect(text).toContain('Firefox on Linux, from the address 127.0.0.1');
  await browser.visit('/dashboard/');
  await browser.submit('/logout/');
  await browser.fill('/login/', { email, password: PASSWORD });
  expect(await isIn({ browser })).toBe(true);
  expect(await told(email)).toBe(1);
});

test('"This was not me" ends all sessions and asks for a new password', async () => {
  const person = await member();
  const thief = await atrium.people.signedIn(person.email);
  const client = await atrium.api().login(person.email, PASSWORD);
  const link = linkIn(await atrium.mails.expect(person.email, NEW));
  expect(link).toMatch(/^\/email\/not-me\//);
  const done = await atrium.browser().press(link);
  expect([done.status, done.location]).toEqual([303, '/password-reset/done/']);
  for (const who of [person, thief]) expect(await isIn(who)).toBe(false);
  expect((await client.get('/me')).status).toBe(401);
  const again = await atrium.browser().fill('/login/', { email: person.email, password: PASSWORD });
  expect(again.status).toBe(422);
  const reset = linkIn(await atrium.mails.expect(person.email, /Reset your password/));
  expect((await atrium.browser().press(reset, { password: 'harbour candle meadow' })).status).toBe(
    303,
  );
});

test('an API client is told by the name it gives itself, once', async () => {
  const { email } = await member();
  for (let turn = 0; turn < 2; turn++) {
    await atrium.api().with('user-agent', 'curl/8.5.0').login(email, PASSWORD);
  }
  const mail = await atrium.mails.expect(email, NEW);
  expect(mail.text.replaceAll('\u2060', '')).toContain('The API client curl 8.5.0');
  expect(await told(email)).toBe(1);
});

test('many sign-ins at once of one new API client are told once', async () => {
  const { email } = await member();
  const login = () => atrium.api().with('user-agent', 'k6/1.0').login(email, PASSWORD);
  await Promise.all(Array.from({ length: 3 }, login));
  await atrium.mails.expect(email, NEW);
  expect(await told(email)).toBe(1);
});

test('whoever accepts an invitation by password through the API signs in, which is told', async () => {
  const admin = await atrium.people.adminOf('Inviting', `host${++made}@acme.example`);
  const accept = async (email: string, isNew: boolean) => {
    if (!isNew) {
      const { userId } = await atrium.people.newcomer(email);
      await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [userId]);
    }
    await admin.browser.visit('/settings/users/');
    await admin.browser.submit('/settings/users/', { email, role: 'member' });
    const token = linkIn(await atrium.mails.expect(email, /Inviting/)).split('/')[3];
    const client = atrium.api().with('user-agent', 'curl/8.5.0');
    const accepted = await client.post('/invitations/accept', { token, password: PASSWORD });
    expect(accepted.status).toBe(200);
    return email;
  };
  await atrium.mails.expect(await accept(`known${made}@acme.example`, false), NEW);
  // Nobody is told of the device an account was made with, as on pages.
  expect(await told(await accept(`fresh${made}@acme.example`, true))).toBe(0);
});

test('an address nobody has proven is not written to: it may be mistyped', async () => {
  const { email } = await member(false);
  await atrium.people.signedIn(email);
  expect(await told(email)).toBe(0);
});

test.each([
  ['nl', /Nieuwe aanmelding/],
  ['fr', /Nouvelle connexion/],
])('it is told in %s too', async (language, subject) => {
  const { email } = await member();
  const browser = atrium.browser().with('Accept-Language', language);
  await browser.fill('/login/', { email, password: PASSWORD });
  await atrium.mails.expect(email, subject);
});

test('beyond three sessions the one unused for longest ends, and it is recorded', async () => {
  const first = await member();
  await atrium.sql('DELETE FROM session WHERE user_id = $1', [first.userId]);
  const all: Person[] = [];
  for (let turn = 0; turn < 4; turn++) {
    all.push(await atrium.people.signedIn(first.email));
    await atrium.sql(
      `UPDATE session SET last_seen_at = last_seen_at - interval '1 minute' WHERE user_id = $1`,
      [first.userId],
    );
  }
  const states = [];
  for (const person of all) states.push(await isIn(person));
  expect(states).toEqual([false, true, true, true]);
  const entries = await atrium.sql(
    `SELECT action FROM audit_entry WHERE actor_id = $1 AND action = 'session.ended'`,
    [first.userId],
  );
  expect(entries).toHaveLength(1);
});

test('of many sign-ins at once three stay', async () => {
  const { email, userId } = await member();
  await Promise.all(Array.from({ length: 8 }, () => atrium.people.signedIn(email)));
  const [row] = await atrium.sql(
    'SELECT count(*)::int AS live FROM session WHERE user_id = $1 AND ended_at IS NULL',
    [userId],
  );
  expect(row).toEqual({ live: 3 });
});

test('whoever knows the password alone of somebody with a second factor ends none of their sessions', async () => {
  const person = await member();
  await setUpApp(atrium, person);
  const live = async () =>
    (
      await atrium.sql(
        'SELECT id FROM session WHERE user_id = $1 AND ended_at IS NULL ORDER BY id',
        [person.userId],
      )
    ).length;
  await atrium.sql(
    `INSERT INTO session (user_id, kind, token_hash, user_agent, ip, expires_at)
     SELECT $1, 'browser', sha256(n::text::bytea), 'test', '127.0.0.1', now() + interval '1 day'
     FROM generate_series(1, 3) n`,
    [person.userId],
  );
  const before = await live();
  expect(before).toBeGreaterThanOrEqual(3);
  for (let tries = 0; tries < 2; tries++) {
    const asked = await atrium
      .browser()
      .fill('/login/', { email: person.email, password: PASSWORD });
    expect(asked.location).toMatch(/^\/login\/second-factor\//);
  }
  expect(await live()).toBe(before);
});

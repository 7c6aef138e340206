import { jest } from '@jest/globals';
import { PasskeysRepository } from '../../src/passkeys/passkeys.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import { SoftwareAuthenticator, type Quirks } from '../support/authenticator.js';
import type { Browser, Sight } from '../support/browser.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let made = 0;
const member = (organization = 'Acme'): Promise<Person> =>
  atrium.people.memberOf(organization, `passkey${++made}@acme.example`);

interface Options {
  challenge: string;
  rpId: string;
  userVerification: string;
  user: { id: string };
}

const optionsOf = async (browser: Browser, path: string) =>
  (await browser.visit(path)).response.body as Options;

async function register(
  { browser }: Person,
  authenticator: SoftwareAuthenticator,
  { name = 'My phone', ...quirks }: Quirks & { name?: string } = {},
): Promise<Sight> {
  const options = await optionsOf(browser, '/profile/passkeys/options/');
  await browser.visit('/profile/passkeys/new/');
  const passkey = authenticator.create(options, quirks);
  return browser.submit('/profile/passkeys/', { name, passkey });
}

async function withPasskey(organization?: string) {
  const person = await member(organization);
  const authenticator = new SoftwareAuthenticator();
  const shown = await register(person, authenticator);
  expect([shown.status, shown.at('h1')]).toEqual([200, 'Your recovery codes']);
  return { person, authenticator, codes: shown.at('#recovery-codes').split(' ') };
}

/** Sends an answer to the sign-in page of a browser without history. */
async function signIn(passkey: string, browser = atrium.browser()): Promise<Sight> {
  await browser.visit('/login/');
  return browser.submit('/login/passkey/', { passkey });
}

const challengeOfSignIn = (browser = atrium.browser()) =>
  optionsOf(browser, '/login/passkey/options/');

const isIn = async ({ browser }: { browser: Browser }) =>
  (await browser.visit('/dashboard/')).status === 200;

const REFUSED = 'This passkey was not accepted.';

async function expectRefused(passkey: string): Promise<void> {
  const browser = atrium.browser();
  const refused = await signIn(passkey, browser);
  expect([refused.status, refused.at('[role="alert"]')]).toEqual([
    422,
    expect.stringContaining(REFUSED),
  ]);
  expect(browser.cookie('session')).toBeUndefined();
}

test('a passkey signs in alone, at assurance level 2, and is told by mail and in the trail', async () => {
  const { person, authenticator, codes } = await withPasskey();
  expect(codes).toHaveLength(10);
  await atrium.mails.expect(person.email, /A passkey has been added/);
  const options = await challengeOfSignIn();
  expect([options.rpId, options.userVerification]).toEqual(['atrium.test', 'required']);

  const browser = atrium.browser();
  const signedIn = await signIn(authenticator.get(options), browser);
  expect([signedIn.status, signedIn.location]).toEqual([303, '/dashboard/']);
  expect(await isIn({ browser })).toBe(true);
  const [session] = await atrium.sql(
    `SELECT assurance, methods FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1`,
    [person.userId],
  );
  expect(session).toEqual({ assurance: 2, methods: ['passkey'] });
  const entries = await atrium.sql<{ action: string }>(
    `SELECT action FROM audit_entry WHERE actor_id = $1 ORDER BY position DESC LIMIT 2`,
    [person.userId],
  );
  expect(entries.map(({ action }) => action)).toEqual(['sign_in.succeeded', 'passkey.added']);

  const page = await person.browser.visit('/profile/passkeys/');
  expect(page.text).toContain('My phone');
  expect(page.text).toContain('last used');
});

test('who was about to do something goes on with it', async () => {
  const { authenticator } = await withPasskey();
  const browser = atrium.browser();
  const options = await challengeOfSignIn(browser);
  const page = await browser.visit('/login/?next=/projects/');
  expect(page.form('/login/passkey/').next).toBe('/projects/');
  const signedIn = await browser.submit('/login/passkey/', { passkey: authenticator.get(options) });
  expect(signedIn.location).toBe('/projects/');
});

test('a session in which one was added has another token, and the old one is dead', async () => {
  const person = await member();
  const old = person.browser.cookie('session')!;
  await register(person, new SoftwareAuthenticator());
  const added = person.browser.cookie('session')!;
  expect(added).not.toBe(old);
  // The second one, which brings no recovery codes, too.
  expect((await register(person, new SoftwareAuthenticator())).status).toBe(303);
  expect(person.browser.cookie('session')).not.toBe(added);
  expect(await isIn(person)).toBe(true);
  for (const token of [old, added]) {
    const copied = atrium.browser().with('cookie', `atrium_session=${token}`);
    expect((await copied.visit('/dashboard/')).location).toMatch(/^\/login\//);
  }
});

describe('To add a passkey is refused', () => {
  test.each<[string, Quirks]>([
    ['by a page of another origin', { origin: 'https://atrium.test.evil.example' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['without verification of the person', { isUnverified: true }],
    ['with an algorithm that was not offered', { isES384: true }],
    ['with a challenge of nobody', { challenge: 'A'.repeat(72) }],
    ['with the answer to another question', { type: 'webauthn.get' }],
    ['with an id longer than one is', { idBytes: 1024 }],
    ['with an id of as many bytes as fit', { idBytes: 3000 }],
  ])('%s', async (_, quirks) => {
    const person = await member();
    const refused = await register(person, new SoftwareAuthenticator(), quirks);
    expect([refused.status, refused.at('[role="alert"]')]).toEqual([
      422,
      expect.stringContaining('The passkey was not added.'),
    ]);
    expect(refused.value('name')).toBe('My phone');
    const rows = await atrium.sql('SELECT FROM passkey WHERE user_id = $1', [person.userId]);
    expect(rows).toEqual([]);
  });

  test('twice with one challenge, with that of another session, or of another person’s authenticator', async () => {
    const { person, authenticator } = await withPasskey();
    const options = await optionsOf(person.browser, '/profile/passkeys/options/');
    const once = new SoftwareAuthenticator().create(options);
    const send = async ({ browser }: Person, passkey: string) => {
      await browser.visit('/profile/passkeys/new/');
      return (await browser.submit('/profile/passkeys/', { name: 'Key', passkey })).status;
    };
    expect(await send(person, once)).toBe(303);
    expect(await send(person, once)).toBe(422);
    expect(await send(person, new SoftwareAuthenticator().create(options))).toBe(422);
    const stranger = await member();
    const fresh = await optionsOf(person.browser, '/profile/passkeys/options/');
    expect(await send(stranger, new SoftwareAuthenticator().create(fresh))).toBe(422);
    // The same credential for a second account.
    const theirs = await optionsOf(stranger.browser, '/profile/passkeys/options/');
    const again = JSON.parse(new SoftwareAuthenticator().create(theirs)) as { id: string };
    await atrium.sql('UPDATE passkey SET credential_id = $2 WHERE credential_id = $1', [
      authenticator.credentialId,
      again.id,
    ]);
    expect(await send(stranger, JSON.stringify({ ...again, rawId: again.id }))).toBe(422);
  });

  test('beyond twenty, and says so', async () => {
    const { person } = await withPasskey();
    await atrium.sql(
      `INSERT INTO passkey (user_id, name, credential_id, public_key, is_backed_up, aaguid)
       SELECT $1, 'Key', gen_random_uuid(), '\\x00', false, gen_random_uuid()
       FROM generate_series(1, 19) n`,
      [person.userId],
    );
    const refused = await register(person, new SoftwareAuthenticator());
    expect([refused.status, refused.at('[role="alert"]')]).toEqual([
      422,
      expect.stringContaining('You have 20 passkeys. Remove one first.'),
    ]);
  });

  test('with something that is no answer at all', async () => {
    const person = await member();
    for (const passkey of ['', 'x', '{}', '[]', 'null', '{"response":{}}', '"'.repeat(99)]) {
      await person.browser.visit('/profile/passkeys/new/');
      const refused = await person.browser.submit('/profile/passkeys/', { name: 'Key', passkey });
      expect([passkey, refused.status]).toEqual([passkey, 422]);
    }
  });
});

describe('To sign in is refused', () => {
  test.each<[string, Quirks]>([
    ['by a page of another origin', { origin: 'https://atrium.test.evil.example' }],
    ['by a page that is not encrypted, of another port', { origin: 'http://atrium.test:8080' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['without verification of the person', { isUnverified: true }],
    ['with a challenge of nobody', { challenge: 'A'.repeat(72) }],
    ['with the answer to another question', { type: 'webauthn.create' }],
    ['with the handle of another account', { userHandle: Buffer.alloc(16).toString('base64url') }],
    ['without the handle of an account', { userHandle: '' }],
    ['with an unknown credential', { credentialId: 'A'.repeat(43) }],
  ])('%s', async (_, quirks) => {
    const { authenticator } = await withPasskey();
    await expectRefused(authenticator.get(await challengeOfSignIn(), quirks));
  });

  test.each([
    ['NUL', '\u0000'],
    ['half a character', '\ud800'],
    ['more than an id has', 'A'.repeat(1365)],
    ['nothing', ''],
    ['what is not base64url', 'a+b/c='],
    ['a list', ['A'] as unknown as string],
    ['an object', { toString: 'A' } as unknown as string],
  ])('with an id of %s, on every page that takes a passkey', async (_, id) => {
    const { person, authenticator } = await withPasskey();
    const answers = async (path: string) => {
      const answer = authenticator.get(await optionsOf(person.browser, path));
      return JSON.stringify({ ...(JSON.parse(answer) as object), id, rawId: id });
    };
    await expectRefused(await answers('/login/passkey/options/'));
    await person.browser.visit('/confirm/');
    const passkey = await answers('/confirm/options/');
    await person.browser.visit('/confirm/');
    expect((await person.browser.submit('/confirm/', { passkey })).status).toBe(422);
  });

  test('with two different ids', async () => {
    const { authenticator } = await withPasskey();
    const answer = JSON.parse(authenticator.get(await challengeOfSignIn())) as object;
    await expectRefused(JSON.stringify({ ...answer, rawId: 'A'.repeat(43) }));
  });

  test('with a challenge that is not ours, before the database is asked about the passkey', async () => {
    const { authenticator } = await withPasskey();
    const find = jest.spyOn(atrium.app.get(PasskeysRepository), 'find');
    await expectRefused(
      authenticator.get(await challengeOfSignIn(), { challenge: 'A'.repeat(72) }),
    );
    expect(find).not.toHaveBeenCalled();
    find.mockRestore();
  });

  test('with an answer that was used before', async () => {
    const { authenticator } = await withPasskey();
    const passkey = authenticator.get(await challengeOfSignIn());
    expect((await signIn(passkey)).status).toBe(303);
    await expectRefused(passkey);
  });

  test('with a challenge that was used before, also when many are sent at once', async () => {
    const { authenticator } = await withPasskey();
    const options = await challengeOfSignIn();
    const answers = Array.from({ length: 8 }, () => authenticator.get(options));
    const seen = await Promise.all(answers.map((passkey) => signIn(passkey)));
    expect(seen.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(seen.filter(({ status }) => status === 422)).toHaveLength(7);
  });

  test('with a challenge that has expired, or is for something else', async () => {
    const { person, authenticator } = await withPasskey();
    const late = Date.now() - 601_000;
    const now = jest.spyOn(Date, 'now').mockReturnValue(late);
    const expired = await challengeOfSignIn().finally(() => now.mockRestore());
    await expectRefused(authenticator.get(expired));
    const ofRegistration = await optionsOf(person.browser, '/profile/passkeys/options/');
    await expectRefused(authenticator.get(ofRegistration));
    const ofConfirmation = await optionsOf(person.browser, '/confirm/options/');
    await expectRefused(authenticator.get(ofConfirmation));
  });

  test('with a counter that goes back or stands still: the key was copied', async () => {
    const { authenticator } = await withPasskey();
    expect(
      (await signIn(authenticator.get(await challengeOfSignIn(), { counter: 7 }))).status,
    ).toBe(303);
    for (const counter of [7, 6, 1, 0]) {
      await expectRefused(authenticator.get(await challengeOfSignIn(), { counter }));
    }
    expect(
      (await signIn(authenticator.get(await challengeOfSignIn(), { counter: 8 }))).status,
    ).toBe(303);
  });

  test('an authenticator without a counter signs in again and again', async () => {
    const { authenticator } = await withPasskey();
    for (let turn = 0; turn < 3; turn++) {
      const passkey = authenticator.get(await challengeOfSignIn(), { counter: 0 });
      expect((await signIn(passkey)).status).toBe(303);
    }
  });

  test('to a closed account, and with a passkey that was removed', async () => {
    const { person, authenticator } = await withPasskey();
    await atrium.sql('UPDATE users SET is_active = false WHERE id = $1', [person.userId]);
    await expectRefused(authenticator.get(await challengeOfSignIn()));
    await atrium.sql('UPDATE users SET is_active = true WHERE id = $1', [person.userId]);
    await atrium.sql('DELETE FROM passkey WHERE user_id = $1', [person.userId]);
    await expectRefused(authenticator.get(await challengeOfSignIn()));
  });
});

describe('As a second factor', () => {
  const waiting = async ({ email }: Person) => {
    const browser = atrium.browser();
    const answer = await browser.fill('/login/', { email, password: PASSWORD });
    expect(answer.location).toBe('/login/second-factor/');
    return browser;
  };
  const prove = async (browser: Browser, passkey: string) => {
    await browser.visit('/login/second-factor/');
    return browser.submit('/login/second-factor/', { passkey });
  };

  test('a password is not enough: the passkey is asked for, in the browser that began', async () => {
    const { person, authenticator } = await withPasskey();
    const browser = await waiting(person);
    const options = await optionsOf(browser, '/login/second-factor/options/');
    // Bound to the sign-in that waits: not that of another browser.
    const other = await waiting(person);
    expect((await prove(other, authenticator.get(options))).status).toBe(422);
    expect((await prove(browser, authenticator.get(options))).status).toBe(303);
    expect(await isIn({ browser })).toBe(true);
  });

  test('somebody else’s passkey, of whatever organisation, is refused', async () => {
    const { person } = await withPasskey('Acme');
    for (const organization of ['Acme', 'Globex']) {
      const { authenticator } = await withPasskey(organization);
      const browser = await waiting(person);
      const options = await optionsOf(browser, '/login/second-factor/options/');
      expect((await prove(browser, authenticator.get(options))).status).toBe(422);
      expect(await isIn({ browser })).toBe(false);
    }
  });

  test('a recovery code of the first passkey stands in for it', async () => {
    const { person, codes } = await withPasskey();
    const browser = await waiting(person);
    await browser.visit('/login/second-factor/');
    const done = await browser.submit('/login/second-factor/', { recovery_code: codes[0]! });
    expect(done.status).toBe(303);
  });

  test('there is no challenge for who does not wait for one', async () => {
    expect((await atrium.browser().visit('/login/second-factor/options/')).status).toBe(404);
  });
});

test('a passkey confirms who one is before what is sensitive', async () => {
  const { person, authenticator } = await withPasskey();
  await atrium.sql(
    `UPDATE session SET authenticated_at = now() - interval '1 hour' WHERE user_id = $1`,
    [person.userId],
  );
  const asked = await person.browser.visit('/profile/passkeys/new/');
  expect(asked.location).toContain('/confirm/');
  const options = await optionsOf(person.browser, '/confirm/options/');
  await person.browser.visit(asked.location!);
  const confirmed = await person.browser.submit('/confirm/', {
    passkey: authenticator.get(options),
  });
  expect([confirmed.status, confirmed.location]).toEqual([303, '/profile/passkeys/new/']);
  expect((await person.browser.visit('/profile/passkeys/new/')).status).toBe(200);
});

describe('Renaming', () => {
  const idOf = async ({ userId }: Person) => {
    const [row] = await atrium.sql<{ id: string }>('SELECT id FROM passkey WHERE user_id = $1', [
      userId,
    ]);
    return row!.id;
  };
  const namesOf = ({ userId }: Person) =>
    atrium.sql<{ name: string }>('SELECT name FROM passkey WHERE user_id = $1', [userId]);

  test('gives it the name that was typed, without a script, and says so in the trail', async () => {
    const { person } = await withPasskey();
    const list = await person.browser.visit('/profile/passkeys/');
    const link = list.document.querySelector('a[aria-label="Rename My phone"]')!;
    const path = link.getAttribute('href')!;
    const page = await person.browser.visit(path);
    expect([page.at('h1'), page.value('name')]).toEqual(['Rename My phone', 'My phone']);
    const renamed = await person.browser.submit(path, { name: '  Red   key ' });
    expect([renamed.status, renamed.location]).toEqual([303, '/profile/passkeys/']);
    const { text } = await person.browser.follow(renamed);
    expect(text).toContain('The passkey is called “Red key” now.');
    const [entry] = await atrium.sql<{ changes: unknown }>(
      `SELECT changes FROM audit_entry WHERE actor_id = $1 AND action = 'passkey.renamed'`,
      [person.userId],
    );
    expect(entry).toEqual({ changes: { passkey: { from: 'My phone', to: 'Red key' } } });
  });

  test('is refused for what is no name, and shows what was typed', async () => {
    const { person } = await withPasskey();
    const path = `/profile/passkeys/${await idOf(person)}/`;
    await person.browser.visit(path);
    const refused = await person.browser.submit(path, { name: 'see https://evil.example' });
    expect([refused.status, refused.value('name')]).toEqual([422, 'see https://evil.example']);
    expect(refused.errorOf('name')).toContain('Leave out web and e-mail addresses');
    expect(await namesOf(person)).toEqual([{ name: 'My phone' }]);
  });

  test('of two pages that were open one is saved; the other keeps what was typed, and may save then', async () => {
    const { person } = await withPasskey();
    const path = `/profile/passkeys/${await idOf(person)}/`;
    const page = await person.browser.visit(path);
    const { version } = page.form(path);
    await person.browser.submit(path, { name: 'First' });
    await person.browser.visit(path);
    const late = await person.browser.submit(path, { name: 'Second', version: version! });
    expect([late.status, late.at('h1'), late.value('name')]).toEqual([
      422,
      'Rename First',
      'Second',
    ]);
    expect(late.at('[role="alert"]')).toContain('was renamed elsewhere');
    expect((await person.browser.submit(path)).status).toBe(303);
    expect(await namesOf(person)).toEqual([{ name: 'Second' }]);
  });

  test('asks who one is after ten minutes; somebody else’s does not exist', async () => {
    const { person } = await withPasskey();
    const path = `/profile/passkeys/${await idOf(person)}/`;
    const stranger = await member('Globex');
    for (const answer of [
      await stranger.browser.visit(path),
      await stranger.browser.post(path, { name: 'Mine', version: '1' }),
    ]) {
      expect(answer.status).toBe(404);
    }
    await atrium.sql(
      `UPDATE session SET authenticated_at = now() - interval '1 hour' WHERE user_id = $1`,
      [person.userId],
    );
    expect((await person.browser.visit(path)).location).toContain('/confirm/');
    expect((await person.browser.post(path, { name: 'Mine', version: '1' })).status).toBe(403);
    expect(await namesOf(person)).toEqual([{ name: 'My phone' }]);
  });
});

describe('Removing', () => {
  test('ends what it opened: the passkey, the other sessions and the recovery codes', async () => {
    const { person, authenticator } = await withPasskey();
    const other = atrium.browser();
    await signIn(authenticator.get(await challengeOfSignIn()), other);
    const page = await person.browser.visit('/profile/passkeys/');
    const action = page.document.querySelector('form[action$="/remove/"]')!.getAttribute('action')!;
    const removed = await person.browser.submit(action);
    expect([removed.status, removed.location]).toEqual([303, '/profile/passkeys/']);
    expect((await person.browser.follow(removed)).response.text).toContain('is removed');
    await atrium.mails.expect(person.email, /A passkey has been removed/);
    expect(await isIn({ browser: other })).toBe(false);
    expect(await isIn(person)).toBe(true);
    await expectRefused(authenticator.get(await challengeOfSignIn()));
    const [left] = await atrium.sql(
      `SELECT (SELECT count(*)::int FROM recovery_code WHERE user_id = u.id AND used_at IS NULL) AS codes,
         u.second_factors AS factors FROM users u WHERE u.id = $1`,
      [person.userId],
    );
    expect(left).toEqual({ codes: 0, factors: [] });
    const browser = atrium.browser();
    const login = await browser.fill('/login/', { email: person.email, password: PASSWORD });
    expect(login.location).toBe('/dashboard/');
  });

  test('somebody else’s does not exist', async () => {
    const { person } = await withPasskey();
    const [row] = await atrium.sql<{ id: string }>('SELECT id FROM passkey WHERE user_id = $1', [
      person.userId,
    ]);
    const stranger = await member('Globex');
    const answer = await stranger.browser.post(`/profile/passkeys/${row!.id}/remove/`);
    expect(answer.status).toBe(404);
    const rows = await atrium.sql('SELECT FROM passkey WHERE user_id = $1', [person.userId]);
    expect(rows).toHaveLength(1);
  });
});

test('the copy of one’s data names one’s passkeys, without keys', async () => {
  const { person, authenticator } = await withPasskey();
  await person.browser.visit('/profile/data/');
  const { response } = await person.browser.submit('/profile/export/');
  expect(response.body).toMatchObject({ passkeys: [{ name: 'My phone', synced: false }] });
  expect(response.text).not.toContain(authenticator.credentialId);
});

test('password managers find where passkeys are made', async () => {
  const { body } = (await atrium.browser().visit('/.well-known/passkey-endpoints')).response;
  expect(body).toEqual({
    enroll: 'http://atrium.test/profile/passkeys/new/',
    manage: 'http://atrium.test/profile/passkeys/',
  });
});

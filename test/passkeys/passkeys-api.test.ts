import { jest } from '@jest/globals';
import fc from 'fast-check';
import { brand } from '../../src/core/brand/brand.js';
import { answerOf } from '../../src/passkeys/webauthn.js';
import { startApp, type TestApp } from '../support/app.js';
import type { ApiClient, Tokens } from '../support/api.js';
import { SoftwareAuthenticator, type Quirks } from '../support/authenticator.js';
import {
  addPasskey,
  inJson,
  optionsFrom,
  signInByPasskey,
  type PasskeyOptions,
} from '../support/passkeys.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let made = 0;
const member = (organization = 'Acme'): Promise<Person> =>
  atrium.people.memberOf(organization, `client${++made}@acme.example`);

const clientOf = ({ email }: Person) => atrium.api().login(email, PASSWORD);

/** Somebody who has added a passkey by a client of the API. */
async function withPasskey(organization?: string) {
  const person = await member(organization);
  const client = await clientOf(person);
  const authenticator = new SoftwareAuthenticator();
  const added = await addPasskey(client, authenticator);
  expect([added.status, added.body.recovery_codes]).toEqual([201, expect.any(Array)]);
  const { id, recovery_codes: codes } = added.body as { id: string; recovery_codes: string[] };
  return { person, client, authenticator, added, id, codes };
}

const signInOptions = (client = atrium.api()) => optionsFrom(client, '/auth/passkey/options');

const answerTo = (
  { token, public_key: options }: PasskeyOptions,
  authenticator: SoftwareAuthenticator,
  quirks?: Quirks,
) => ({ token, passkey: inJson(authenticator.get(options, quirks)) });

const isIn = async (client: ApiClient) => (await client.get('/me')).status === 200;

/** Eleven minutes go by. */
const later = ({ userId }: Person) =>
  atrium.sql(
    `UPDATE session SET authenticated_at = authenticated_at - interval '11 minutes' WHERE user_id = $1`,
    [userId],
  );

const sessionsOf = ({ userId }: Person) =>
  atrium.sql<{ assurance: number; methods: string[]; kind: string }>(
    `SELECT assurance, methods, kind FROM session WHERE user_id = $1 ORDER BY created_at DESC`,
    [userId],
  );

const entriesOf = async ({ userId }: Person) =>
  (
    await atrium.sql<{ action: string }>(
      `SELECT action FROM audit_entry WHERE actor_id = $1 ORDER BY position`,
      [userId],
    )
  ).map(({ action }) => action);

async function expectRefused(body: object): Promise<void> {
  const client = atrium.api();
  const refused = await client.post('/auth/passkey', body);
  expect([refused.status, refused.body.detail]).toEqual([
    401,
    expect.stringContaining('This passkey was not accepted.'),
  ]);
}

describe('A client signs in with a passkey', () => {
  test('alone, at assurance level 2, with the tokens of any sign-in', async () => {
    const { person, authenticator } = await withPasskey();
    const asked = await atrium.api().post('/auth/passkey/options');
    expect([asked.status, asked.get('cache-control')]).toEqual([200, 'no-store']);
    expect(asked.body).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 600,
      public_key: {
        rpId: 'atrium.test',
        challenge: expect.stringMatching(/^[\w-]{72}$/),
        timeout: 300_000,
        userVerification: 'required',
      },
    });
    const client = atrium.api();
    const answer = await client.post('/auth/passkey', answerTo(asked.body, authenticator));
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 600,
        refresh_token: expect.any(String),
      },
    ]);
    client.tokens = answer.body as Tokens;
    expect((await client.get('/me')).body.email).toBe(person.email);
    const [session] = await sessionsOf(person);
    expect(session).toEqual({ assurance: 2, methods: ['passkey'], kind: 'api' });
    expect((await entriesOf(person)).at(-1)).toBe('sign_in.succeeded');
    const next = await atrium.api().post('/auth/refresh', {
      refresh_token: client.tokens.refresh_token,
    });
    expect(next.status).toBe(200);
  });

  test('and its owner is told of a client that was not seen before', async () => {
    const { person, authenticator } = await withPasskey();
    await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [person.userId]);
    const client = atrium.api().with('user-agent', 'Ledger/2.1');
    expect((await signInByPasskey(client, authenticator)).status).toBe(200);
    await atrium.mails.expect(person.email, /Ledger/);
  });

  test('and what it sends besides is ignored, as authenticators may say more one day', async () => {
    const { authenticator } = await withPasskey();
    const { token, passkey } = answerTo(await signInOptions(), authenticator);
    const extensions = { prf: { results: { first: 'AA' } } };
    const more = { ...passkey, clientExtensionResults: extensions, hints: ['hybrid'] };
    expect((await atrium.api().post('/auth/passkey', { token, passkey: more })).status).toBe(200);
  });
});

describe('To sign in is refused', () => {
  test.each<[string, Quirks]>([
    ['by a page of another origin', { origin: 'https://atrium.test.evil.example' }],
    ['by a page that is not encrypted, of another port', { origin: 'http://atrium.test:8080' }],
    ['by an app that is not known', { origin: 'android:apk-key-hash:AAAA' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['without verification of the person', { isUnverified: true }],
    ['with a challenge of nobody', { challenge: 'A'.repeat(72) }],
    ['with the answer to another question', { type: 'webauthn.create' }],
    ['with the handle of another account', { userHandle: Buffer.alloc(16).toString('base64url') }],
    ['without the handle of an account', { userHandle: '' }],
    ['with an unknown credential', { credentialId: 'A'.repeat(43) }],
    ['with an id that is none', { credentialId: 'a+b/c=' }],
  ])('%s', async (_, quirks) => {
    const { person, authenticator } = await withPasskey();
    const before = await sessionsOf(person);
    await expectRefused(answerTo(await signInOptions(), authenticator, quirks));
    expect(await sessionsOf(person)).toEqual(before);
    const [entry] = await atrium.sql<{ action: string; subject_id: string | null }>(
      'SELECT action, subject_id FROM audit_entry ORDER BY at DESC LIMIT 1',
    );
    expect(entry).toEqual({ action: 'sign_in.failed', subject_id: null });
  });

  test('with an answer, or a challenge, that was used before', async () => {
    const { authenticator } = await withPasskey();
    const options = await signInOptions();
    const answer = answerTo(options, authenticator);
    expect((await atrium.api().post('/auth/passkey', answer)).status).toBe(200);
    await expectRefused(answer);
    await expectRefused(answerTo(options, authenticator));
  });

  test('with one challenge eight times at once: one session is opened', async () => {
    const { person, authenticator } = await withPasskey();
    const before = (await sessionsOf(person)).length;
    const options = await signInOptions();
    const all = Array.from({ length: 8 }, () => answerTo(options, authenticator));
    const answers = await Promise.all(all.map((body) => atrium.api().post('/auth/passkey', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)]);
    expect((await sessionsOf(person)).length).toBe(before + 1);
  });

  test('with a challenge that has expired', async () => {
    const { authenticator } = await withPasskey();
    const late = Date.now() - 601_000;
    const now = jest.spyOn(Date, 'now').mockReturnValue(late);
    const expired = await signInOptions().finally(() => now.mockRestore());
    await expectRefused(answerTo(expired, authenticator));
  });

  test('with the token of another client, or with a challenge that is for something else', async () => {
    const { client, person, authenticator } = await withPasskey();
    const [own, other] = [await signInOptions(), await signInOptions()];
    await expectRefused({ ...answerTo(own, authenticator), token: other.token });
    const { body: ofPage } = (await atrium.browser().visit('/login/passkey/options/')).response;
    for (const token of ['', own.token]) {
      const answer = await atrium.api().post('/auth/passkey', {
        ...answerTo({ token, public_key: ofPage }, authenticator),
      });
      expect([token, answer.status]).toEqual([token, token ? 401 : 422]);
    }
    for (const path of ['/me/passkeys/options', '/auth/step-up/options']) {
      const { public_key: options } = await optionsFrom(client, path);
      await expectRefused(answerTo({ ...own, public_key: options }, authenticator));
    }
    const { email } = person;
    const { body } = await atrium.api().post('/auth/login', { email, password: PASSWORD });
    const { public_key: options } = await optionsFrom(client, '/auth/second-factor/options', {
      token: body.second_factor_token,
    });
    for (const token of [own.token, body.second_factor_token as string]) {
      await expectRefused(answerTo({ token, public_key: options }, authenticator));
    }
  });

  test('on the page with the challenge of a client: an answer opens where it was asked for', async () => {
    const { authenticator } = await withPasskey();
    const { passkey } = answerTo(await signInOptions(), authenticator);
    const browser = atrium.browser();
    await browser.visit('/login/');
    const sent = await browser.submit('/login/passkey/', { passkey: JSON.stringify(passkey) });
    expect(sent.status).toBe(422);
    expect(browser.cookie('session')).toBeUndefined();
  });

  test('with a counter that goes back or stands still: the key was copied', async () => {
    const { authenticator } = await withPasskey();
    const send = async (counter: number) =>
      (await signInByPasskey(atrium.api(), authenticator, { counter })).status;
    expect(await send(7)).toBe(200);
    for (const counter of [7, 6, 1, 0])
      expect([counter, await send(counter)]).toEqual([counter, 401]);
    expect(await send(8)).toBe(200);
  });

  test('to a closed account, and with a passkey that was removed', async () => {
    const { person, authenticator } = await withPasskey();
    await atrium.sql('UPDATE users SET is_active = false WHERE id = $1', [person.userId]);
    await expectRefused(answerTo(await signInOptions(), authenticator));
    await atrium.sql('UPDATE users SET is_active = true WHERE id = $1', [person.userId]);
    await atrium.sql('DELETE FROM passkey WHERE user_id = $1', [person.userId]);
    await expectRefused(answerTo(await signInOptions(), authenticator));
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', '{}'],
    ['a list', [{}]],
    ['an object of too many levels', nested(9)],
    ['more than an answer has', { id: 'A'.repeat(16_384) }],
  ])('at the field, with %s in place of an answer', async (_, passkey) => {
    const { token } = await signInOptions();
    const answer = await atrium.api().post('/auth/passkey', { token, passkey });
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, '/passkey']);
  });

  test('at the field, with an object of very many levels', async () => {
    const levels = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    const client = atrium.api().with('content-type', 'application/json');
    const answer = await client.post('/auth/passkey', `{"token":"A","passkey":${levels}}`);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, '/passkey']);
  });

  test.each([{}, { id: 'A' }, { id: 'A', rawId: 'A', response: { clientDataJSON: [1] } }])(
    'with an object that is no answer: %j',
    async (passkey) => {
      const { token } = await signInOptions();
      await expectRefused({ token, passkey });
    },
  );
});

/** The names of everything in an answer, one by one. */
const PLACES = [
  ['id'],
  ['rawId'],
  ['type'],
  ['response'],
  ...['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'].map((name) => [
    'response',
    name,
  ]),
];

test('with anything else in a place of an answer: it is refused, and nothing fails', async () => {
  const { person, authenticator } = await withPasskey();
  const before = (await sessionsOf(person)).length;
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom({ length: 3 }, { type: 'Buffer', data: [1] }),
  );
  const place = fc.constantFrom(...PLACES);
  await fc.assert(
    fc.asyncProperty(place, anything, async ([outer, inner], value) => {
      const { token, passkey } = answerTo(await signInOptions(), authenticator);
      const within = passkey[outer!] as Record<string, unknown>;
      passkey[outer!] = inner ? { ...within, [inner]: value } : value;
      await expectRefused({ token, passkey });
    }),
    { numRuns: 200, seed: 20_260_601 },
  );
  expect((await sessionsOf(person)).length).toBe(before);
});

test('what is decoded is text: an object would say itself how many bytes it has', async () => {
  const { authenticator } = await withPasskey();
  const { passkey } = answerTo(await signInOptions(), authenticator);
  const response = passkey.response as Record<string, string>;
  expect(answerOf(JSON.stringify(passkey))).not.toBeNull();
  for (const name of Object.keys(response)) {
    for (const bytes of [[...Buffer.from(response[name]!, 'base64url')], { length: 2 ** 31 - 1 }]) {
      const other = { ...passkey, response: { ...response, [name]: bytes } };
      expect([name, answerOf(JSON.stringify(other))]).toEqual([name, null]);
    }
  }
});

function nested(levels: number): object {
  let inner = {};
  for (let level = 1; level < levels; level++) inner = { inner };
  return inner;
}

describe('As a second factor of a client', () => {
  async function waitingOf({ email }: Person): Promise<string> {
    const refused = await atrium.api().post('/auth/login', { email, password: PASSWORD });
    expect([refused.status, refused.body.second_factors]).toEqual([401, ['passkey']]);
    return refused.body.second_factor_token as string;
  }
  const optionsOf = (token: string) =>
    optionsFrom(atrium.api(), '/auth/second-factor/options', { token });
  const show = (token: string, passkey: unknown) =>
    atrium.api().post('/auth/second-factor', { token, passkey });

  test('a password is not enough: a passkey completes the sign-in it was asked for', async () => {
    const { person, authenticator } = await withPasskey();
    const [token, other] = [await waitingOf(person), await waitingOf(person)];
    const { public_key: options } = await optionsOf(token);
    const refused = await show(other, inJson(authenticator.get(options)));
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([401, '/passkey']);
    const client = atrium.api();
    const answer = await show(token, inJson(authenticator.get(options)));
    expect(answer.status).toBe(200);
    client.tokens = answer.body as Tokens;
    expect(await isIn(client)).toBe(true);
    const [session] = await sessionsOf(person);
    expect(session).toEqual({ assurance: 2, methods: ['password', 'passkey'], kind: 'api' });
    const again = await show(token, inJson(authenticator.get(options)));
    expect(again.status).toBe(410);
  });

  test.each<[string, Quirks]>([
    ['of another origin', { origin: 'https://evil.example' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['without verification of the person', { isUnverified: true }],
    ['to a challenge of nobody', { challenge: 'A'.repeat(72) }],
    ['with a counter that stands still', { counter: 0 }],
  ])('an answer %s is refused', async (_, quirks) => {
    const { person, authenticator } = await withPasskey();
    expect((await signInByPasskey(atrium.api(), authenticator)).status).toBe(200);
    const token = await waitingOf(person);
    const { public_key: options } = await optionsOf(token);
    expect((await show(token, inJson(authenticator.get(options, quirks)))).status).toBe(401);
  });

  test('somebody else’s passkey, of whatever organisation, is refused', async () => {
    const { person } = await withPasskey('Acme');
    for (const organization of ['Acme', 'Globex']) {
      const { authenticator } = await withPasskey(organization);
      const token = await waitingOf(person);
      const { public_key: options } = await optionsOf(token);
      expect((await show(token, inJson(authenticator.get(options)))).status).toBe(401);
    }
  });

  test('five answers are looked at, and then the sign-in is over', async () => {
    const { person, authenticator } = await withPasskey();
    const token = await waitingOf(person);
    const { public_key: options } = await optionsOf(token);
    const wrong = () => inJson(authenticator.get(options, { origin: 'https://evil.example' }));
    for (let tries = 1; tries <= 5; tries++) expect((await show(token, wrong())).status).toBe(401);
    expect((await show(token, inJson(authenticator.get(options)))).status).toBe(410);
    const late = await atrium.api().post('/auth/second-factor/options', { token });
    expect(late.status).toBe(410);
  });

  test('eight answers at once to one challenge complete it once', async () => {
    const { person, authenticator } = await withPasskey();
    const token = await waitingOf(person);
    const before = (await sessionsOf(person)).length;
    const { public_key: options } = await optionsOf(token);
    const all = Array.from({ length: 8 }, () => inJson(authenticator.get(options)));
    const answers = await Promise.all(all.map((passkey) => show(token, passkey)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await sessionsOf(person)).length).toBe(before + 1);
  });

  test('there are options for a sign-in that waits, in the API, and for nothing else', async () => {
    const { person } = await withPasskey();
    const browser = atrium.browser();
    await browser.fill('/login/', { email: person.email, password: PASSWORD });
    for (const token of [browser.cookie('pending')!, 'A'.repeat(43), 'x']) {
      const answer = await atrium.api().post('/auth/second-factor/options', { token });
      expect([token, answer.status]).toEqual([token, 410]);
    }
  });
});

describe('Before what is sensitive', () => {
  test('a passkey confirms who one is, in the session it was asked for', async () => {
    const person = await atrium.people.adminOf('Acme', `client${++made}@acme.example`);
    const client = await clientOf(person);
    const authenticator = new SoftwareAuthenticator();
    await addPasskey(client, authenticator);
    const other = atrium.api();
    other.tokens = (await signInByPasskey(other, authenticator)).body as Tokens;
    await later(person);
    const ask = () => client.post('/invitations', { email: 'guest@acme.example', role: 'admin' });
    const asked = await ask();
    expect([asked.status, asked.body]).toEqual([
      403,
      expect.objectContaining({
        type: 'http://atrium.test/problems/step-up-required',
        second_factors: ['passkey'],
      }),
    ]);
    const confirm = (passkey: unknown) => client.post('/auth/step-up', { passkey });
    const ofOther = await optionsFrom(other, '/auth/step-up/options');
    const wrong = await confirm(inJson(authenticator.get(ofOther.public_key)));
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/passkey']);
    const { public_key: options } = await optionsFrom(client, '/auth/step-up/options');
    const stranger = (await withPasskey()).authenticator;
    for (const passkey of [
      stranger.get(options),
      authenticator.get(options, { origin: 'https://evil.example' }),
      authenticator.get(options, { isUnverified: true }),
    ]) {
      expect((await confirm(inJson(passkey))).status).toBe(422);
    }
    expect((await client.post('/auth/step-up', { password: PASSWORD })).status).toBe(422);
    expect((await ask()).status).toBe(403);
    const answer = inJson(authenticator.get(options));
    expect((await confirm(answer)).status).toBe(204);
    expect((await confirm(answer)).status).toBe(422);
    expect((await ask()).status).toBe(201);
    expect((await entriesOf(person)).includes('session.confirmed')).toBe(true);
  });
});

describe('One’s own passkeys', () => {
  test('are added: told by mail and in the trail, with recovery codes, and other sessions end', async () => {
    const person = await member();
    const [client, other] = [await clientOf(person), await clientOf(person)];
    const asked = await client.post('/me/passkeys/options');
    expect([asked.status, asked.body]).toEqual([
      200,
      {
        expires_in: 600,
        public_key: expect.objectContaining({
          rp: { name: brand.name, id: 'atrium.test' },
          attestation: 'none',
          excludeCredentials: [],
          pubKeyCredParams: [-7, -8, -257].map((alg) => ({ alg, type: 'public-key' })),
          authenticatorSelection: {
            residentKey: 'required',
            requireResidentKey: true,
            userVerification: 'required',
          },
        }),
      },
    ]);
    const authenticator = new SoftwareAuthenticator();
    const added = await addPasskey(client, authenticator);
    const { id, recovery_codes: codes, ...shown } = added.body;
    expect([added.status, added.get('location')]).toEqual([201, `/api/v1/me/passkeys/${id}`]);
    expect(shown).toEqual({
      name: 'My phone',
      synced: false,
      created_at: expect.any(String),
      last_used_at: null,
    });
    expect(codes).toHaveLength(10);
    await atrium.mails.expect(person.email, /A passkey has been added/);
    expect((await entriesOf(person)).at(-1)).toBe('passkey.added');
    expect([await isIn(client), await isIn(other)]).toEqual([true, false]);
    const [session] = await atrium.sql<{ methods: string[] }>(
      `SELECT methods FROM session WHERE user_id = $1 AND kind = 'api' AND ended_at IS NULL`,
      [person.userId],
    );
    expect(session).toEqual({ methods: ['password', 'passkey'] });
    // The second one brings no codes, and the first is not made again.
    const { public_key: options } = (await client.post('/me/passkeys/options')).body;
    expect(options.excludeCredentials).toEqual([
      { id: authenticator.credentialId, type: 'public-key' },
    ]);
    expect((await addPasskey(client, new SoftwareAuthenticator())).body.recovery_codes).toBeNull();
    const code = { email: person.email, password: PASSWORD };
    const { second_factor_token: token } = (await atrium.api().post('/auth/login', code)).body;
    const by = await atrium.api().post('/auth/second-factor', { token, recovery_code: codes[0] });
    expect(by.status).toBe(200);
  });

  test('are listed, without keys, and read one by one', async () => {
    const { client, authenticator, id } = await withPasskey();
    await signInByPasskey(atrium.api(), authenticator);
    const list = await client.get('/me/passkeys');
    expect([list.status, list.body]).toEqual([
      200,
      {
        items: [
          {
            id,
            name: 'My phone',
            synced: false,
            created_at: expect.any(String),
            last_used_at: expect.any(String),
          },
        ],
        next_cursor: null,
      },
    ]);
    expect(list.text).not.toContain(authenticator.credentialId);
    const one = await client.get(`/me/passkeys/${id}`);
    expect([one.status, one.body]).toEqual([200, list.body.items[0]]);
  });

  test('get another name, which is in the trail; of two changes based on one state one is made', async () => {
    const { person, client, id } = await withPasskey();
    const path = `/me/passkeys/${id}`;
    const etag = (await client.get(path)).get('etag')!;
    const name = (text: string) => client.send('PATCH', path, { name: text }, { 'if-match': etag });
    const renamed = await name(' Red   key ');
    expect([renamed.status, renamed.body.name]).toEqual([200, 'Red key']);
    expect(renamed.get('etag')).not.toBe(etag);
    expect((await name('Blue key')).status).toBe(412);
    expect((await client.send('PATCH', path, {})).body).toEqual(renamed.body);
    const [entry] = await atrium.sql<{ changes: unknown }>(
      `SELECT changes FROM audit_entry WHERE actor_id = $1 AND action = 'passkey.renamed'`,
      [person.userId],
    );
    expect(entry).toEqual({ changes: { passkey: { from: 'My phone', to: 'Red key' } } });
    for (const wrong of ['', ' ', 'x'.repeat(61), 'see https://evil.example', 5]) {
      const refused = await client.send('PATCH', path, { name: wrong });
      expect([wrong, refused.status, refused.body.errors[0].pointer]).toEqual([
        wrong,
        422,
        '/name',
      ]);
    }
  });

  test('are removed: told by mail and in the trail, other sessions end, and so do the codes of the last', async () => {
    const { person, client, authenticator, id } = await withPasskey();
    const other = atrium.api();
    other.tokens = (await signInByPasskey(other, authenticator)).body as Tokens;
    const stale = await client.send('DELETE', `/me/passkeys/${id}`, undefined, {
      'if-match': '"7-AAAAAAAAAAAAAAAAAAAAAAAAAAA"',
    });
    expect(stale.status).toBe(412);
    expect((await client.send('DELETE', `/me/passkeys/${id}`)).status).toBe(204);
    await atrium.mails.expect(person.email, /A passkey has been removed/);
    expect((await entriesOf(person)).at(-1)).toBe('passkey.removed');
    expect([await isIn(client), await isIn(other)]).toEqual([true, false]);
    expect((await client.get('/me/passkeys')).body.items).toEqual([]);
    await expectRefused(answerTo(await signInOptions(), authenticator));
    const [left] = await atrium.sql(
      `SELECT (SELECT count(*)::int FROM recovery_code WHERE user_id = u.id AND used_at IS NULL) AS codes,
         u.second_factors AS factors FROM users u WHERE u.id = $1`,
      [person.userId],
    );
    expect(left).toEqual({ codes: 0, factors: [] });
    expect((await client.send('DELETE', `/me/passkeys/${id}`)).status).toBe(404);
  });

  test('of somebody else do not exist', async () => {
    const { id, client: owner } = await withPasskey();
    for (const organization of ['Acme', 'Globex']) {
      const client = await clientOf(await member(organization));
      for (const [method, body] of [['GET'], ['PATCH', { name: 'Mine' }], ['DELETE']] as const) {
        const answer = await client.send(method, `/me/passkeys/${id}`, body);
        expect([method, answer.status]).toEqual([method, 404]);
      }
    }
    expect((await owner.get(`/me/passkeys/${id}`)).body.name).toBe('My phone');
  });

  test('are changed after a step-up only; to look at them needs none', async () => {
    const { person, client, id } = await withPasskey();
    await later(person);
    for (const [method, path, body] of [
      ['POST', '/me/passkeys/options'],
      ['POST', '/me/passkeys', { name: 'Key', passkey: {} }],
      ['PATCH', `/me/passkeys/${id}`, { name: 'Key' }],
      ['DELETE', `/me/passkeys/${id}`],
    ] as const) {
      const { status, body: problem } = await client.send(method, path, body);
      expect([method, path, status, problem.type]).toEqual([
        method,
        path,
        403,
        'http://atrium.test/problems/step-up-required',
      ]);
    }
    expect((await client.get('/me/passkeys')).body.items).toHaveLength(1);
    expect((await client.get(`/me/passkeys/${id}`)).status).toBe(200);
  });

  test('can be added before onboarding is complete, where a second factor is the step', async () => {
    const person = await member('Strict');
    await atrium.sql(`UPDATE tenant SET second_factor_from = '2020-01-01' WHERE id = $1`, [
      person.tenantId,
    ]);
    const client = await clientOf(person);
    expect((await client.get('/me')).body.onboarding).toEqual({ next_step: 'second_factor' });
    expect((await client.get('/projects')).status).toBe(403);
    expect((await addPasskey(client, new SoftwareAuthenticator())).status).toBe(201);
    expect((await client.get('/me')).body.onboarding).toEqual({ next_step: null });
    expect((await client.get('/projects')).status).toBe(200);
  });
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
  ])('%s', async (_, quirks) => {
    const person = await member();
    const refused = await addPasskey(await clientOf(person), new SoftwareAuthenticator(), quirks);
    expect([refused.status, refused.body.errors]).toEqual([
      422,
      [{ pointer: '/passkey', detail: expect.stringContaining('The passkey was not added.') }],
    ]);
    expect(await atrium.sql('SELECT FROM passkey WHERE user_id = $1', [person.userId])).toEqual([]);
  });

  test('twice with one challenge, also at once; in another session; and one that is somebody’s', async () => {
    const { client, authenticator } = await withPasskey();
    const stranger = await clientOf(await member());
    const options = await optionsFrom(client, '/me/passkeys/options');
    const answer = (to: PasskeyOptions) =>
      inJson(new SoftwareAuthenticator().create(to.public_key));
    const send = async (by: ApiClient, passkey: unknown) =>
      (await by.post('/me/passkeys', { name: 'Key', passkey })).status;
    expect(await send(stranger, answer(options))).toBe(422);
    const all = Array.from({ length: 8 }, () => answer(options));
    const statuses = await Promise.all(all.map((passkey) => send(client, passkey)));
    expect(statuses.sort()).toEqual([201, ...Array(7).fill(422)]);
    const taken = new SoftwareAuthenticator();
    const theirs = await optionsFrom(stranger, '/me/passkeys/options');
    const passkey = inJson(taken.create(theirs.public_key));
    await atrium.sql('UPDATE passkey SET credential_id = $2 WHERE credential_id = $1', [
      authenticator.credentialId,
      taken.credentialId,
    ]);
    expect(await send(stranger, passkey)).toBe(409);
  });

  test('beyond twenty, and says so', async () => {
    const { person, client } = await withPasskey();
    await atrium.sql(
      `INSERT INTO passkey (user_id, name, credential_id, public_key, is_backed_up, aaguid)
       SELECT $1, 'Key', gen_random_uuid(), '\\x00', false, gen_random_uuid()
       FROM generate_series(1, 19) n`,
      [person.userId],
    );
    const refused = await addPasskey(client, new SoftwareAuthenticator());
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'You have 20 passkeys. Remove one first.',
    ]);
  });

  test('a second time by one Idempotency-Key: the answer that was lost comes again, with its codes', async () => {
    const client = await clientOf(await member());
    const { public_key: options } = await optionsFrom(client, '/me/passkeys/options');
    const body = { name: 'Key', passkey: inJson(new SoftwareAuthenticator().create(options)) };
    const send = () => client.post('/me/passkeys', body, { 'idempotency-key': 'once' });
    const first = await send();
    expect([first.status, first.body.recovery_codes.length]).toEqual([201, 10]);
    const again = await send();
    expect([again.get('idempotency-replayed'), again.body]).toEqual(['true', first.body]);
    expect((await client.get('/me/passkeys')).body.items).toHaveLength(1);
  });
});

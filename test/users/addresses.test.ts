import fc from 'fast-check';
import { CanonicalAddresses1790000096000 } from '../../migrations/1790000096000-canonical-addresses.js';
import { canonicalEmail, isEmailAddress } from '../../src/core/utils/email-address.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const REFUSAL = 'Enter an e-mail address, like name@example.com.';

test.each([
  ['zero-width space', 'an\u200Bna@acme.test'],
  ['zero-width joiner', 'an\u200Dna@acme.test'],
  ['text turned round', '\u202Eanna@acme.test'],
  ['isolated text', 'anna\u2066@acme.test'],
  ['quotes', '"anna"@acme.test'],
  ['a second address in quotes', '"a@evil.test"@acme.test'],
  ['a script in quotes', '"<script>alert(1)</script>"@acme.test'],
  ['a script', '<script>@acme.test'],
  ['angle brackets', 'x@evil.test> <x@acme.test'],
  ['a filler letter', 'a\u3164nna@acme.test'],
  ['a local part of 65 octets', `${'a'.repeat(65)}@acme.test`],
  ['a local part of 66 octets in 33 letters', `${'é'.repeat(33)}@acme.test`],
  ['255 octets', `${'a'.repeat(64)}@${`${'b'.repeat(61)}.`.repeat(3)}test`],
  ['a domain that stands for no letters', 'anna@xn--a.test'],
  ['a domain in ASCII that another spelling has too', 'anna@xn--a-.test'],
])('an address with %s is refused, on pages and by the API', async (_, email) => {
  const page = await atrium.browser().fill('/register/', { email, password: PASSWORD });
  expect(page.status).toBe(422);
  expect(page.errorOf('email')).toContain(REFUSAL);
  const api = await atrium.api().post('/auth/register', { email, password: PASSWORD });
  expect(api.status).toBe(422);
  expect(JSON.stringify(api.body)).toContain(REFUSAL);
});

test.each([
  'first.last+tag@acme.test',
  "o'brien@acme.test",
  'zoë@acme.test',
  '用户@例子.test',
  `${'a'.repeat(64)}@acme.test`,
])('%s is an address', (email) => {
  expect(isEmailAddress(canonicalEmail(email))).toBe(true);
});

const LETTERS = 'x@bücher.example';
const ASCII = 'x@xn--bcher-kva.example';

test('a domain in its own letters and the same in ASCII are one account', async () => {
  const register = (email: string) =>
    atrium.api().post('/auth/register', { email, password: PASSWORD });
  const two = await Promise.all([register(ASCII), register(LETTERS), register('X@BÜCHER.example')]);
  expect(two.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  for (const email of [LETTERS, ASCII, 'x@XN--BCHER-KVA.example', 'x@bu\u0308cher.example']) {
    const signedIn = await atrium.browser().fill('/login/', { email, password: PASSWORD });
    expect([email, signedIn.status]).toEqual([email, 303]);
  }
});

test('whoever is invited by one spelling is not invited again by the other, and is found by both', async () => {
  const { browser } = await atrium.people.adminOf('Acme', 'anna@acme.test');
  const invite = (email: string) =>
    browser.fill('/settings/users/', { action: 'invite', email, role: 'member' });
  expect((await invite('y@xn--bcher-kva.example')).status).toBe(303);
  expect((await invite('y@bücher.example')).errorOf('email')).toContain(
    'already has an invitation',
  );
  await atrium.mails.expect('y@bücher.example');

  await atrium.people.memberOf('Acme', 'z@bücher.example');
  for (const q of ['z@bücher.example', 'z@xn--bcher-kva.example']) {
    const found = await browser.visit(`/settings/users/?q=${encodeURIComponent(q)}`);
    expect(found.at('[data-member]')).toContain('z@bücher.example');
  }
});

describe('an address is found by every spelling of it', () => {
  const SPELLINGS = [
    'w.josé@bücher.example',
    'W.JOSÉ@BÜCHER.example',
    'w.jose\u0301@bu\u0308cher.example',
    'w.josé@xn--bcher-kva.example',
    'W.Jose\u0301@XN--BCHER-KVA.example',
  ];
  let admin: Person;
  let root: Person;
  beforeAll(async () => {
    admin = await atrium.people.adminOf('Bibliotheca', 'boss@bibliotheca.test');
    root = await atrium.people.staff('root@atrium.test', true);
    await admin.browser.fill('/settings/users/', { email: SPELLINGS[0]!, role: 'member' });
    await atrium.mails.expect(SPELLINGS[0]!);
    await atrium.people.newcomer(SPELLINGS[0]!);
    await atrium.sql(
      `UPDATE user_profile SET display_name = NULL
       WHERE user_id = (SELECT id FROM users WHERE email = $1)`,
      [SPELLINGS[0]],
    );
  });

  test.each(SPELLINGS)('among pending invitations, in page and API (%s)', async (spelling) => {
    const q = encodeURIComponent(spelling);
    const page = await admin.browser.visit(`/settings/users/?state=invited&q=${q}`);
    expect(page.text).toContain(SPELLINGS[0]);
    const key = await atrium.people.keyOf('Bibliotheca', ['invitations:read']);
    const { body } = await atrium.api().showing(key).get(`/invitations?q=${q}`);
    expect(body.items.map(({ email }: { email: string }) => email)).toEqual([SPELLINGS[0]]);
  });

  test.each(['jose\u0301@', 'xn--bcher-kva', 'XN--BCHER-KVA.exam', 'bu\u0308cher'])(
    'pending invitations are found by a part of it (%s)',
    async (part) => {
      const key = await atrium.people.keyOf('Bibliotheca', ['invitations:read']);
      const found = await atrium
        .api()
        .showing(key)
        .get(`/invitations?q=${encodeURIComponent(part)}`);
      expect(found.body.items).toHaveLength(1);
    },
  );

  test.each(SPELLINGS)('in the back office (%s)', async (spelling) => {
    for (const list of ['users', 'profiles', 'invitations', 'mails']) {
      const q = encodeURIComponent(spelling);
      const sight = await root.browser.visit(`/admin/${list}/?q=${q}`);
      expect([list, sight.at('tbody th[scope="row"]')]).toEqual([list, expect.stringMatching(/./)]);
    }
  });
});

test('addresses from before are rewritten, and left alone where both spellings have an account', async () => {
  await atrium.people.newcomer('lone@acme.test');
  await atrium.people.newcomer('both@bücher.example');
  await atrium.people.newcomer('second@acme.test');
  const rename = 'UPDATE users SET email = $2 WHERE email = $1';
  await atrium.sql(rename, ['lone@acme.test', 'lone@xn--bcher-kva.example']);
  await atrium.sql(rename, ['second@acme.test', 'both@xn--bcher-kva.example']);
  const query = (text: string, values?: unknown[]) => atrium.sql(text, values);
  await new CanonicalAddresses1790000096000().up({ query } as never);
  const rows = await atrium.sql<{ email: string }>(
    `SELECT email FROM users WHERE email ~ '^(lone|both)@' ORDER BY email`,
  );
  expect(rows.map(({ email }) => email).sort()).toEqual([
    'both@bücher.example',
    'both@xn--bcher-kva.example',
    'lone@bücher.example',
  ]);
  const form = { email: 'lone@xn--bcher-kva.example', password: PASSWORD };
  expect((await atrium.browser().fill('/login/', form)).status).toBe(303);
});

test('whatever is typed, the canonical spelling of it is its own', () => {
  const domains = fc.constantFrom(
    'acme.test',
    'bücher.example',
    'xn--bcher-kva.example',
    'ＡＣＭＥ。test',
  );
  const typed = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.string({ unit: 'binary' }), domains).map(([local, domain]) => `${local}@${domain}`),
  );
  fc.assert(
    fc.property(typed, (text) => {
      const once = canonicalEmail(text);
      if (isEmailAddress(once)) expect(canonicalEmail(once)).toBe(once);
    }),
  );
});

test('whatever is typed as an address is answered, never by an error of ours', async () => {
  const part = fc.oneof(
    fc.constantFrom(
      'a',
      '@',
      '.',
      'xn--',
      '"',
      '<',
      '\u202E',
      '\u200D',
      'ü',
      '例',
      '%41',
      '[',
      '::1]',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const typed = fc.array(part, { maxLength: 8 }).map((parts) => `${parts.join('')}@acme.test`);
  const register = fc.asyncProperty(typed, async (email) => {
    const { status } = await atrium.api().post('/auth/login', { email, password: 'x' });
    expect([401, 422]).toContain(status);
  });
  await fc.assert(register, { numRuns: 60 });
});

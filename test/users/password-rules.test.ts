import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startApp, type TestApp } from '../support/app.js';
import { setUpApp } from '../support/factors.js';
import { PASSWORD } from '../support/people.js';

/** As Have I Been Pwned answers `/range/<prefix>`; counts what it is asked. */
let breaches: Server;
let asked: string[] = [];
let answer: 'known' | 'padding' | 'error' | 'nonsense' = 'known';
const BREACHED = 'seven copper violins';
let atrium: TestApp;

beforeAll(async () => {
  const hash = createHash('sha1').update(BREACHED).digest('hex').toUpperCase();
  breaches = createServer((req, res) => {
    asked.push(`${req.url} ${String(req.headers['add-padding'])}`);
    if (answer === 'error') return void res.writeHead(503).end();
    if (answer === 'nonsense') return void res.end('<html>');
    const count = answer === 'known' ? 12 : 0;
    const isAsked = req.url === `/range/${hash.slice(0, 5)}`;
    const line = isAsked ? `${hash.slice(5)}:${count}` : `${'A'.repeat(35)}:3`;
    res.end(`${'0'.repeat(35)}:1\r\n${line}\r\n`);
  });
  await new Promise<void>((done) => breaches.listen(0, '127.0.0.1', done));
  const { port } = breaches.address() as AddressInfo;
  atrium = await startApp({ ROLE: 'web', BREACHED_PASSWORDS_URL: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await atrium.stop();
  breaches.close();
});
beforeEach(() => {
  [asked, answer] = [[], 'known'];
});

let made = 0;
const register = (password: string) =>
  atrium.browser().fill('/register/', { email: `rules${++made}@acme.example`, password });

test('a password that is known from a breach is refused, and only five digits of its hash are sent', async () => {
  const refused = await register(BREACHED);
  expect([refused.status, refused.errorOf('password')]).toEqual([
    422,
    expect.stringContaining('This password is known from a data breach. Choose another one.'),
  ]);
  expect(asked).toEqual([expect.stringMatching(/^\/range\/[0-9A-F]{5} true$/)]);
  const api = await atrium.api().post('/auth/register', {
    email: 'rules@acme.example',
    password: BREACHED,
  });
  expect([api.status, api.body.errors]).toEqual([
    422,
    [expect.objectContaining({ pointer: '/password' })],
  ]);
});

test.each(['padding', 'error', 'nonsense'] as const)(
  'a service that answers with %s keeps nobody out',
  async (kind) => {
    answer = kind;
    expect((await register(BREACHED)).status).toBe(303);
    expect(asked).toHaveLength(1);
  },
);

test('a password that is refused anyway is not asked about', async () => {
  await register('password123');
  expect(asked).toEqual([]);
});

test('a password needs twelve characters, and an older shorter one goes on to work', async () => {
  const { email, browser } = await atrium.people.memberOf('Acme', `old${++made}@acme.example`);
  const eleven = 'kQ7#vbn2Lxw';
  await browser.visit('/profile/security/');
  const refused = await browser.submit('/profile/password/', {
    current_password: PASSWORD,
    new_password: eleven,
  });
  expect([refused.status, refused.errorOf('new_password')]).toEqual([
    422,
    expect.stringContaining('Use at least 12 characters.'),
  ]);
  const bcrypt = (await import('bcrypt')).default;
  const hash = await bcrypt.hash('kQ7#vbn2', 4);
  await atrium.sql('UPDATE users SET password_hash = $2 WHERE email = $1', [email, hash]);
  await atrium.people.signedIn(email, 'kQ7#vbn2');
});

test('eight characters are enough beside a second factor, seven are not', async () => {
  const person = await atrium.people.memberOf('Acme', `two${++made}@acme.example`);
  await setUpApp(atrium, person);
  const change = async (new_password: string) => {
    const page = await person.browser.visit('/profile/security/');
    expect(page.text).toContain('At least 8 characters.');
    return person.browser.submit('/profile/password/', {
      ...{ current_password: PASSWORD, new_password },
    });
  };
  const seven = await change('kQ7#vbn');
  expect([seven.status, seven.errorOf('new_password')]).toEqual([
    422,
    expect.stringContaining('Use at least 8 characters.'),
  ]);
  expect((await change('kQ7#vbn2')).status).toBe(303);
});

test('fields for a new password say what is asked, and are named for password managers', async () => {
  const { browser } = await atrium.people.memberOf('Acme', `form${++made}@acme.example`);
  const security = await browser.visit('/profile/security/');
  expect(security.text).toContain('At least 12 characters.');
  const complete = (name: string) =>
    security.document.querySelector(`[name="${name}"]`)?.getAttribute('autocomplete');
  expect([complete('current_password'), complete('new_password')]).toEqual([
    'current-password',
    'new-password',
  ]);
  expect((await atrium.browser().visit('/register/')).text).toContain('At least 12 characters.');
});

test('password managers find the page that changes the password', async () => {
  const visitor = atrium.browser();
  const found = await visitor.visit('/.well-known/change-password');
  expect([found.status, found.location]).toEqual([302, '/profile/security/']);
  expect((await visitor.follow(found)).document.querySelector('input[name=next]')).not.toBeNull();
  const absent = '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200';
  expect((await visitor.visit(absent)).status).toBe(404);
});

import { startApp, type TestApp } from '../../support/app.js';
import { Sight } from '../../support/browser.js';
import type { Person } from '../../support/people.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
});
afterAll(() => atrium.stop());

interface Posted {
  token?: string | undefined;
  headers?: Record<string, string>;
}

/** Sends a theme form, which needs no session, as an attacker or unusual browser would. */
async function post({ token, headers = {} }: Posted, { browser } = anna): Promise<Sight> {
  const call = browser.agent.post('/theme/set/').type('form').redirects(0);
  for (const [name, value] of Object.entries(headers)) void call.set(name, value);
  const body = { theme: 'night', next: '/', ...(token === undefined ? {} : { _csrf: token }) };
  return new Sight(await call.send(body).ok(() => true));
}

const host = () => {
  const address = atrium.server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
};

test('a form without a valid CSRF token is refused', async () => {
  const own = await anna.browser.token();
  const foreign = await atrium.browser().token();
  const [mac = '', random = ''] = own.split('.');
  for (const token of [undefined, '', 'x', foreign, `${mac}.`, `.${random}`, `${mac}.${random}0`]) {
    expect([token, (await post({ token })).status]).toEqual([token, 419]);
  }
  expect((await post({ token: own })).status).toBe(303);
});

test('a valid CSRF cookie is not set again with every page', async () => {
  const { agent } = anna.browser;
  await anna.browser.token();
  const { headers } = await agent.get('/profile/');
  expect(headers['set-cookie'] ?? []).toEqual([]);
});

test('the refusal is a page of the product with a link back', async () => {
  const refused = await post({ headers: { Referer: `http://${host()}/profile/` } });
  expect(refused.at('h1')).toBe('This page was open for too long');
  expect(refused.document.querySelector('header.topbar')).not.toBeNull();
  expect(refused.document.querySelector('main a.btn')?.getAttribute('href')).toBe('/profile/');

  const dutch = await post(
    { headers: { 'Accept-Language': 'nl' } },
    {
      ...anna,
      browser: atrium.browser(),
    },
  );
  expect([dutch.status, dutch.document.querySelector('html')?.getAttribute('lang')]).toEqual([
    419,
    'nl-BE',
  ]);
  expect(dutch.document.querySelector('main a.btn')?.getAttribute('href')).toBe('/');
});

test.each([
  ['Sec-Fetch-Site', 'cross-site', 419],
  ['Sec-Fetch-Site', 'same-site', 419],
  ['Sec-Fetch-Site', 'same-origin', 303],
  ['Sec-Fetch-Site', 'none', 303],
  ['Origin', 'https://evil.example', 419],
  ['Origin', 'null', 419],
  ['Origin', 'http://atrium.test.evil.example', 419],
  ['Origin', 'http://atrium.test', 303],
])('with a good token and %s: %s the answer is %i', async (name, value, status) => {
  const token = await anna.browser.token();
  expect((await post({ token, headers: { [name]: value } })).status).toBe(status);
});

test('the token may come in a header too, for scripts', async () => {
  const token = await anna.browser.token();
  expect((await post({ headers: { 'X-CSRF-Token': token } })).status).toBe(303);
});

test('the older form of another tab still works while the session is the same', async () => {
  const first = (await anna.browser.visit('/profile/')).form('/profile/')._csrf!;
  for (const path of ['/dashboard/', '/profile/', '/']) await anna.browser.visit(path);
  expect((await post({ token: first })).status).toBe(303);
});

test('a form from before signing in is refused afterwards', async () => {
  const browser = atrium.browser();
  const before = await browser.token();
  await browser.fill('/login/', { email: anna.email, password: 'paper lantern orbit' });
  expect((await post({ token: before }, { ...anna, browser })).status).toBe(419);
  await browser.visit('/dashboard/');
  const after = await browser.token();
  expect((await post({ token: after }, { ...anna, browser })).status).toBe(303);
  await browser.visit('/dashboard/');
  await browser.submit('/logout/');
  expect((await post({ token: after }, { ...anna, browser })).status).toBe(419);
});

test('every form requires a token', async () => {
  const forms = [
    '/register/',
    '/login/',
    '/logout/',
    '/password-reset/',
    `/password-reset/confirm/${'a'.repeat(43)}/`,
    '/email/verify/resend/',
    '/profile/complete/',
    '/onboarding/create-tenant/',
    '/profile/',
    '/profile/password/',
    '/profile/email/',
    '/profile/export/',
    '/profile/deactivate/',
    '/profile/sessions/revoke-others/',
    '/theme/set/',
    '/i18n/setlang/',
  ];
  const anonymous = new Set(['/register/', '/login/']);
  for (const path of forms) {
    const { agent } = anonymous.has(path) ? atrium.browser() : anna.browser;
    const answer = await agent
      .post(path)
      .type('form')
      .redirects(0)
      .ok(() => true);
    expect([path, answer.status]).toEqual([path, 419]);
  }
});

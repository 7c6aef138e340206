import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const themeOf = async (browser: Browser, path = '/') =>
  (await browser.visit(path)).document.querySelector('html')?.getAttribute('data-theme');
const langOf = async (browser: Browser) =>
  (await browser.visit('/')).document.querySelector('html')?.getAttribute('lang');

test('a visitor chooses a theme, kept in a cookie', async () => {
  const visitor = atrium.browser();
  expect(await themeOf(visitor)).toBe('system');
  for (const theme of ['corporate', 'night', 'system']) {
    const answer = await visitor.post('/theme/set/', { theme });
    expect([answer.status, answer.response.body]).toEqual([200, { ok: true, theme }]);
    expect([visitor.cookie('theme'), await themeOf(visitor)]).toEqual([theme, theme]);
  }
});

test('a member’s theme is kept on the profile, and wins over the cookie', async () => {
  const anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
  const signedOut = atrium.browser();
  await signedOut.post('/theme/set/', { theme: 'corporate' });
  const answer = await anna.browser.post('/theme/set/', { theme: 'night' });
  expect(answer.response.body).toEqual({ ok: true, theme: 'night' });
  expect(anna.browser.cookie('theme')).toBeUndefined();
  const [row] = await atrium.sql('SELECT theme FROM user_profile WHERE id = $1', [anna.profileId]);
  expect(row).toEqual({ theme: 'night' });
  await signedOut.fill('/login/', { email: anna.email, password: 'paper lantern orbit' });
  expect(await themeOf(signedOut, '/dashboard/')).toBe('night');
});

test('without script the theme button returns to its page', async () => {
  const visitor = atrium.browser();
  await visitor.visit('/login/?next=/profile/');
  const answer = await visitor.submit('/theme/set/');
  expect([answer.status, answer.location]).toEqual([303, '/login/?next=/profile/']);
  expect(await themeOf(visitor)).toBe('corporate');
});

test('a script gets an answer in JSON, also when a page to return to is named', async () => {
  const visitor = atrium.browser().with('Accept', 'application/json');
  const browser = atrium.browser();
  const _csrf = await browser.token();
  const answer = await browser.agent
    .post('/theme/set/')
    .set('Accept', 'application/json')
    .type('form')
    .send({ _csrf, theme: 'night', next: '/' });
  expect([answer.status, answer.body]).toEqual([200, { ok: true, theme: 'night' }]);
  const json = await browser.agent
    .post('/theme/set/')
    .set('X-CSRF-Token', _csrf)
    .send({ theme: 'corporate' });
  expect([json.status, json.body]).toEqual([200, { ok: true, theme: 'corporate' }]);
  const missing = await visitor.visit('/theme/set/');
  expect([missing.status, missing.response.get('content-type')]).toEqual([
    405,
    expect.stringContaining('application/problem+json'),
  ]);
});

test.each(['dracula', '', 'NIGHT', '__proto__', 'system\u0000'])(
  'the theme "%s" is unknown: 400, and nothing changes',
  async (theme) => {
    const visitor = atrium.browser();
    expect((await visitor.post('/theme/set/', { theme })).status).toBe(400);
    expect(visitor.cookie('theme')).toBeUndefined();
  },
);

test('a theme form without a theme is 400, and GET is 405', async () => {
  const visitor = atrium.browser();
  expect((await visitor.post('/theme/set/')).status).toBe(400);
  for (const path of ['/theme/set/', '/theme/set', '/i18n/setlang/']) {
    const looked = await visitor.visit(path);
    expect([looked.status, looked.response.get('allow')]).toEqual([405, 'POST']);
  }
});

test('a visitor chooses a language, kept in a cookie', async () => {
  const visitor = atrium.browser();
  for (const [language, lang] of [
    ['nl-be', 'nl-BE'],
    ['fr-be', 'fr-BE'],
    ['en', 'en'],
  ] as const) {
    const answer = await visitor.post('/i18n/setlang/', { language, next: '/login/' });
    expect([answer.status, answer.location]).toEqual([303, '/login/']);
    expect([visitor.cookie('lang'), await langOf(visitor)]).toEqual([language, lang]);
  }
});

test.each(['de', '', 'nl', '__proto__', 'nl-be\n'])(
  'the language "%s" is ignored',
  async (language) => {
    const visitor = atrium.browser();
    const answer = await visitor.post('/i18n/setlang/', { language, next: '/login/' });
    expect([answer.status, answer.location]).toEqual([303, '/login/']);
    expect(visitor.cookie('lang')).toBeUndefined();
  },
);

test.each([
  ['nl', 'nl-BE'],
  ['nl-NL', 'nl-BE'],
  ['NL-be', 'nl-BE'],
  ['fr-CA', 'fr-BE'],
  ['fr;q=0.4, nl;q=0.6', 'nl-BE'],
  ['de, fr;q=0.8, en;q=0.9', 'en'],
  ['de-DE,de;q=0.9', 'en'],
  ['nl;q=0, fr', 'fr-BE'],
  ['*', 'en'],
  ['', 'en'],
  [';;;,,,q=', 'en'],
  ['nl;q=oops', 'en'],
  [`${'x,'.repeat(3_000)}nl`, 'nl-BE'],
])('a browser that asks for "%s" is answered in %s', async (header, lang) => {
  expect(await langOf(atrium.browser().with('Accept-Language', header))).toBe(lang);
});

test('the cookie counts before the profile, and the profile before the browser', async () => {
  const anna = await atrium.people.memberOf('Acme', 'bert@acme.example');
  const { browser } = anna;
  browser.with('Accept-Language', 'fr');
  expect(await langOf(browser)).toBe('fr-BE');
  await atrium.sql(
    `UPDATE user_profile SET language_id = (SELECT id FROM language WHERE code = 'nl') WHERE id = $1`,
    [anna.profileId],
  );
  expect(await langOf(browser)).toBe('nl-BE');
  browser.agent.jar.setCookie('atrium_lang=en; Path=/', '127.0.0.1', '/');
  expect(await langOf(browser)).toBe('en');
  await atrium.sql(
    `UPDATE user_profile SET language_id = (SELECT id FROM language WHERE code = 'de') WHERE id = $1`,
    [anna.profileId],
  );
  browser.agent.jar.setCookie('atrium_lang=xx; Path=/', '127.0.0.1', '/');
  expect(await langOf(browser)).toBe('fr-BE');
});

test('the current language is marked in the menu', async () => {
  const visitor = atrium.browser();
  await visitor.post('/i18n/setlang/', { language: 'fr-be' });
  const page = await visitor.visit('/');
  const current = page.document.querySelectorAll('[aria-current="true"][name="language"]');
  expect(current.map((button) => button.getAttribute('value'))).toEqual(current.map(() => 'fr-be'));
  expect(current.length).toBeGreaterThan(0);
});

import { Translator } from '../../src/core/i18n/translator.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const say = (locale: 'en' | 'nl-BE' | 'fr-BE', count: number) =>
  runInContext({ locale }, () => atrium.app.get(Translator).t('errors.rate_limited', { count }));

test('plural forms are those of the language', () => {
  expect(say('en', 1)).toContain('a minute');
  expect(say('en', 2)).toContain('2 minutes');
  expect(say('nl-BE', 3)).toContain('3 minuten');
  // French counts 0 and 1 alike, and has a form of its own for millions, which reads like the rest.
  expect(say('fr-BE', 0)).toContain('une minute');
  expect(say('fr-BE', 1_000_000)).toContain('1000000 minutes');
});

test('Belgian words come first, then those of the language, then English', async () => {
  const browser = atrium.browser().with('accept-language', 'nl-NL,nl;q=0.9');
  const home = await browser.visit('/login/');
  expect(home.document.querySelector('html')?.getAttribute('lang')).toBe('nl-BE');
  expect(home.at('h1')).toBe('Aanmelden');
});

test('in development the pseudo-locale shows every text that is a key', async () => {
  const browser = atrium.browser();
  const chosen = await browser.post('/i18n/setlang/', { language: 'en-XA', next: '/login/' });
  expect([chosen.status, chosen.location]).toEqual([303, '/login/']);
  const login = await browser.visit('/login/');
  expect(login.at('h1')).toMatch(/^\[Ļóĝ íñ ~+\]$/);
});

test('in production there is no pseudo-locale', async () => {
  const { offeredLocales } = await import('../../src/core/i18n/locales.js');
  expect(offeredLocales({ isProduction: true })).toEqual(['en', 'nl-BE', 'fr-BE']);
});

import { brand } from '../../../src/core/brand/brand.js';
import { startApp, type TestApp } from '../../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

test.each([
  ['en', 'Log in', 'Error: Log in'],
  ['nl', 'Aanmelden', 'Fout: Aanmelden'],
  ['fr', 'Se connecter', 'Erreur\u00a0: Se connecter'],
])('the title says first that a form was refused, in %s', async (language, title, refused) => {
  const browser = atrium.browser().with('Accept-Language', language);
  expect((await browser.visit('/login/')).title).toBe(`${title} · ${brand.name}`);
  const empty = await browser.submit('/login/', { email: 'nobody', password: '' });
  expect([empty.status, empty.title]).toEqual([422, `${refused} · ${brand.name}`]);
  const wrong = { email: 'nobody@acme.example', password: 'paper lantern orbit' };
  expect((await browser.submit('/login/', wrong)).title).toBe(`${refused} · ${brand.name}`);
});

import { startApp, type TestApp } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { PASSWORD } from '../../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

/** What stands in the bars and menus of a page. */
async function framesOf(browser: Browser, path: string) {
  const { document } = await browser.visit(path);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  const values = (name: string) =>
    all(`.topbar [name=${name}], #menu [name=${name}]`).map((field) => field.getAttribute('value'));
  return {
    names: all('.topbar summary, #menu').map((each) => each.textContent.replace(/\s+/g, ' ')),
    current: all('.shell-side [aria-current=page]').map((link) => link.getAttribute('href')),
    tokens: [...new Set(values('_csrf'))],
    leadBackTo: [...new Set(values('next'))],
  };
}

test('the bars of every page are the viewer’s, and return to that page', async () => {
  const anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
  const ben = await atrium.people.memberOf('Acme', 'ben@acme.example');
  const seen: Array<{ browser: Browser; path: string } & Awaited<ReturnType<typeof framesOf>>> = [];
  for (const { browser } of [anna, ben, anna, ben]) {
    for (const path of ['/dashboard/', '/projects/?q=a%26b', '/dashboard/?a=1&amp=2']) {
      seen.push({ browser, path, ...(await framesOf(browser, path)) });
    }
  }
  for (const { browser, path, names, current, leadBackTo, tokens } of seen) {
    const [own, other] = browser === anna.browser ? ['Anna', 'Ben'] : ['Ben', 'Anna'];
    expect(names.join()).toContain(own);
    expect(names.join()).not.toContain(other);
    expect(current).toEqual([path.split('?')[0]]);
    expect(leadBackTo).toEqual([path]);
    expect(tokens).toHaveLength(1);
  }
  const tokensOf = (who: Browser) =>
    seen.filter(({ browser }) => browser === who).flatMap(({ tokens }) => tokens);
  expect(tokensOf(anna.browser)).not.toContain(tokensOf(ben.browser)[0]);
  // The token is a good one: a form of the bar does its work.
  expect((await ben.browser.submit('/logout/')).status).toBe(303);
});

test('a change of name, organisation or language shows in the bars of the next page', async () => {
  const cara = await atrium.people.adminOf('Before Ltd', 'cara@before.example');
  expect((await framesOf(cara.browser, '/dashboard/')).names.join()).toContain('Before Ltd');
  await atrium.sql(`UPDATE user_profile SET display_name = '<i>Cara</i> & Co' WHERE id = $1`, [
    cara.profileId,
  ]);
  await atrium.sql(
    `UPDATE tenant SET organization = 'After Ltd' WHERE organization = 'Before Ltd'`,
  );
  await cara.browser.visit('/dashboard/');
  await cara.browser.post('/i18n/setlang/', { language: 'nl-be', next: '/dashboard/' });
  const { names } = await framesOf(cara.browser, '/dashboard/');
  expect(names.join()).toContain('<i>Cara</i> & Co');
  expect(names.join()).toContain('After Ltd');
  expect(names.join()).toMatch(/Afmelden|Uitloggen/);
});

test('a new session has a token of its own in its bars', async () => {
  const dora = await atrium.people.memberOf('Acme', 'dora@acme.example');
  const [first] = (await framesOf(dora.browser, '/dashboard/')).tokens;
  await dora.browser.submit('/logout/');
  await dora.browser.fill('/login/', { email: dora.email, password: PASSWORD });
  const [second] = (await framesOf(dora.browser, '/dashboard/')).tokens;
  expect(second).not.toBe(first);
});

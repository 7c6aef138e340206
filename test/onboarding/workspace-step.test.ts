import { organisationNameFrom } from '../../src/members/onboarding/organisation-name.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let made = 0;
async function ready(): Promise<Browser> {
  const { browser } = await atrium.people.newcomer(`founder${++made}@acme.example`);
  await browser.post('/profile/complete/', { skip: '1' });
  return browser;
}

test.each([
  ['info@my-company.co.uk', 'My Company'],
  ['a@acme.com', 'Acme'],
  ['a@mail.brouwerij-de-koninck.be', 'Brouwerij De Koninck'],
  ['a@big_corp.com', 'Big Corp'],
  ['a@gmail.com', ''],
  ['a@googlemail.com', ''],
  ['a@outlook.be', ''],
  ['a@hotmail.fr', ''],
  ['a@live.nl', ''],
  ['a@yahoo.co.uk', ''],
  ['a@icloud.com', ''],
  ['a@telenet.be', ''],
  ['a@skynet.be', ''],
  ['a@proximus.be', ''],
  ['a@protonmail.com', ''],
  ['a@localhost', ''],
  ['a@[127.0.0.1]', ''],
  ['a', ''],
])('%s works for "%s"', (email, organisation) => {
  expect(organisationNameFrom(email)).toBe(organisation);
});

test.each([
  ['', 'Fill in this field.'],
  [' \t ', 'Fill in this field.'],
  ['\u0000', 'Fill in this field.'],
  ['x'.repeat(201), 'Use at most 200 characters.'],
])('the name "%s" is refused at the field', async (organization, reason) => {
  const browser = await ready();
  await browser.visit('/onboarding/create-tenant/?next=/profile/');
  const refused = await browser.submit('/onboarding/create-tenant/', { organization });
  expect([refused.status, refused.errorOf('organization')]).toEqual([
    422,
    expect.stringContaining(reason),
  ]);
  expect(refused.document.querySelectorAll('[role="alert"]')).toHaveLength(1);
  expect(refused.form('/onboarding/create-tenant/').next).toBe('/profile/');
  expect((await browser.visit('/dashboard/')).location).toContain('/onboarding/create-tenant/');
});

test('the longest name is taken, also of letters that need many bytes', async () => {
  const browser = await ready();
  const organization = 'é'.repeat(200);
  const created = await browser.post('/onboarding/create-tenant/', { organization });
  expect(created.status).toBe(303);
  const [row] = await atrium.sql('SELECT organization FROM tenant WHERE organization = $1', [
    organization,
  ]);
  expect(row).toEqual({ organization });
});

test('eight posts of one person at once make one organisation', async () => {
  const browser = await ready();
  await browser.visit('/onboarding/create-tenant/');
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      browser.submit('/onboarding/create-tenant/', { organization: `Crowd ${n}` }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(303));
  const made = await atrium.sql(`SELECT id FROM tenant WHERE organization LIKE 'Crowd %'`);
  expect(made).toHaveLength(1);
  expect((await browser.visit('/dashboard/')).status).toBe(200);
});

test('two people at once make two organisations, each their own', async () => {
  const browsers = [await ready(), await ready()];
  await Promise.all(
    browsers.map((browser, n) =>
      browser.post('/onboarding/create-tenant/', { organization: `Twin ${n}` }),
    ),
  );
  const pages = await Promise.all(browsers.map((browser) => browser.visit('/dashboard/')));
  for (const [n, page] of pages.entries()) {
    expect(page.response.text).toContain(`Twin ${n}`);
    expect(page.response.text).not.toContain(`Twin ${1 - n}`);
  }
});

import { startApp, type TestApp } from '../../support/app.js';
import type { Person } from '../../support/people.js';

let atrium: TestApp;
let anna: Person;

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
});
afterAll(() => atrium.stop());

test('concurrent visitors each see their own organisation', async () => {
  const crowd = await Promise.all(
    ['Acme', 'Globex', 'Initech'].map((name) =>
      atrium.people.adminOf(name, `many@${name.toLowerCase()}.example`),
    ),
  );
  await atrium.sql(
    `UPDATE user_profile p SET display_name = 'Person of ' || t.organization FROM tenant t WHERE t.id = p.tenant_id`,
  );
  const organisations = ['Acme', 'Globex', 'Initech'];
  for (let round = 0; round < 3; round++) {
    const pages = await Promise.all(
      [...crowd, ...crowd, ...crowd].map(({ browser }) => browser.visit('/settings/users/')),
    );
    pages.forEach((page, index) => {
      for (const [which, name] of organisations.entries()) {
        expect(page.text.includes(`Person of ${name}`)).toBe(which === index % 3);
      }
    });
  }
});

test('a person who lost access sees nothing of the organisation', async () => {
  await atrium.people.adminOf('Access', 'owner@access.example');
  const { browser, userId } = await atrium.people.adminOf('Access', 'leaver@access.example');
  for (let visit = 0; visit < 2; visit++) await browser.visit('/settings/users/');
  expect((await browser.visit('/settings/users/')).text).toContain('owner@access');
  const lose = (change: string) =>
    atrium.sql(`UPDATE user_profile SET ${change} WHERE user_id = $1`, [userId]);

  await lose(`role = 'member'`);
  const refused = await browser.visit('/settings/users/');
  expect(refused.status).not.toBe(200);
  expect(refused.text).not.toContain('owner@access');

  await lose('is_active = false');
  const revoked = await browser.visit('/dashboard/');
  expect(revoked.status).not.toBe(200);

  await atrium.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [userId]);
  const gone = await browser.visit('/settings/users/');
  expect([gone.status, gone.text]).toEqual([302, expect.not.stringContaining('owner@access')]);
});

test('a page shows a change made just before', async () => {
  for (let visit = 0; visit < 3; visit++) await anna.browser.visit('/projects/');
  await anna.browser.visit('/projects/new/');
  await anna.browser.submit('/projects/new/', { name: 'Brand new' });
  expect((await anna.browser.visit('/projects/')).text).toContain('Brand new');
});

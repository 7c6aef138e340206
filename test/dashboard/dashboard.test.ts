import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let admin: Person;
beforeAll(async () => {
  atrium = await startApp();
  admin = await atrium.people.adminOf('Acme', 'admin@acme.example');
});
afterAll(() => atrium.stop());

const dashboard = ({ browser }: Person) => browser.visit('/dashboard/');
const linksOf = async (person: Person) =>
  (await dashboard(person)).document
    .querySelectorAll('main a')
    .map((link) => link.getAttribute('href'));

test('shows the number of members, and leads to what there is to do', async () => {
  const page = await dashboard(admin);
  expect(page.at('h1')).toBe('Welcome Admin');
  expect(page.at('[aria-labelledby="members-title"]')).toContain('1 active member');
  expect(page.text).not.toContain('waiting');
  // Nothing is sold: there is no plan to tell of.
  expect(page.document.querySelector('#plan-title')).toBeNull();
  expect(await linksOf(admin)).toEqual(
    expect.arrayContaining(['/settings/users/', '/profile/#email-card', '/projects/new/']),
  );
});

test('an invitation ticks its item, and counts until it expires', async () => {
  await admin.browser.visit('/settings/users/');
  await admin.browser.submit('/settings/users/', { action: 'invite', email: 'guest@acme.example' });
  const invited = await dashboard(admin);
  expect(invited.at('[aria-labelledby="checklist-title"]')).toContain('1 of 5 done');
  expect(invited.at('[aria-labelledby="members-title"]')).toContain('1 invitation waiting');
  await atrium.sql('UPDATE invitation SET expires_at = now()');
  const over = await dashboard(admin);
  expect(over.at('[aria-labelledby="checklist-title"]')).toContain('0 of 5 done');
  expect(over.text).not.toContain('waiting');
});

test('a member sees nothing for admins', async () => {
  const member = await atrium.people.memberOf('Acme', 'member@acme.example');
  expect((await linksOf(member)).filter((href) => href?.startsWith('/settings/'))).toEqual([]);
  for (const person of [member, admin]) {
    const page = await dashboard(person);
    expect(page.at('[aria-labelledby="members-title"]')).toContain('2 active members');
  }
});

test('counts nobody and nothing of another organisation', async () => {
  const other = await atrium.people.adminOf('Globex', 'admin@globex.example');
  await atrium.sql(`UPDATE invitation SET expires_at = now() + interval '1 day'`);
  const page = await dashboard(other);
  expect(page.at('[aria-labelledby="members-title"]')).toContain('1 active member');
  expect(page.text).not.toContain('invitation waiting');
});

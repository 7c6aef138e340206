import { PASSWORD, type Person } from '../support/people.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

const PATH = '/profile/';
let atrium: TestApp;
let anna: Person;
/** Two windows of hers, in two browsers. */
let first: Browser;
let second: Browser;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
  first = anna.browser;
  second = atrium.browser();
  await second.fill('/login/', { email: anna.email, password: PASSWORD });
});
afterAll(() => atrium.stop());

async function openBoth(): Promise<void> {
  await first.visit(PATH);
  await second.visit(PATH);
}

test('a profile that was saved elsewhere meanwhile is shown beside what was typed, and nothing is lost', async () => {
  await openBoth();
  await second.submit(PATH, { display_name: 'Anna Second', country: 'BE' });
  const stale = await first.submit(PATH, { display_name: 'Anna First' });
  expect(stale.status).toBe(422);
  expect(stale.at('[role="alert"]')).toContain('Somebody else changed this after you opened it');
  expect(stale.at('#saved-now')).toContain('Anna Second');
  expect(stale.at('#saved-now')).toContain('Belgium');
  expect(stale.value('display_name')).toBe('Anna First');
  expect((await second.visit(PATH)).value('display_name')).toBe('Anna Second');

  // Sent once more it is meant.
  expect((await first.submit(PATH)).status).toBe(303);
  expect((await second.visit(PATH)).value('display_name')).toBe('Anna First');
});

test('of two saves of a profile at once from the same state one is told', async () => {
  await openBoth();
  const answers = await Promise.all([
    first.submit(PATH, { display_name: 'One' }),
    second.submit(PATH, { display_name: 'Two' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
});

test('theme and language, chosen on any page, are no change that a profile form would undo', async () => {
  await first.visit(PATH);
  await second.visit('/dashboard/');
  expect((await second.post('/theme/set', { theme: 'night', next: '/' })).status).toBe(303);
  expect((await second.post('/i18n/setlang', { language: 'nl', next: '/' })).status).toBe(303);
  expect((await first.submit(PATH, { display_name: 'Anna' })).status).toBe(303);
  await second.post('/i18n/setlang', { language: 'en', next: '/' });
});

test('a form without a version, as of a page that was open during an upgrade, is saved', async () => {
  await openBoth();
  await second.submit(PATH, { display_name: 'Elsewhere' });
  expect((await first.submit(PATH, { display_name: 'Here', version: '' })).status).toBe(303);
});

test('a role that an admin changed meanwhile makes a form of the back office stale', async () => {
  const bob = await atrium.people.memberOf('Acme', 'bob@acme.example');
  const sue = await atrium.people.staff('sue@atrium.example', true);
  const [row] = await atrium.sql<{ id: string }>('SELECT id FROM user_profile WHERE user_id = $1', [
    bob.userId,
  ]);
  const edit = `/admin/profiles/${row!.id}/edit/`;
  await sue.browser.visit(edit);
  await bob.browser.fill(PATH, { display_name: 'Bob himself' });
  const stale = await sue.browser.submit(edit, { display_name: 'Bob of the back office' });
  expect(stale.status).toBe(422);
  expect(stale.text).toContain('Bob himself');
  expect(stale.value('display_name')).toBe('Bob of the back office');
  expect((await sue.browser.submit(edit)).status).toBe(303);
  expect((await bob.browser.visit(PATH)).value('display_name')).toBe('Bob of the back office');
});

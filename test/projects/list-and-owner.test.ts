import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
let bob: Person;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
});
afterAll(() => atrium.stop());
afterEach(() => atrium.sql('DELETE FROM project'));

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const add = async (name: string, values: Record<string, string> = {}) => {
  const answer = await anna.browser.fill('/projects/new/', { name, ...values });
  expect([answer.status, answer.at('[role="alert"]')]).toEqual([303, '']);
  return answer.location!;
};

test('a project has an owner, whom the list, the page and the trail call by name', async () => {
  const path = await add('Roof', { owner_id: bob.profileId });
  expect((await anna.browser.visit('/projects/')).at('tbody tr')).toMatch(/Bob$/);
  expect((await anna.browser.visit(`${path}edit/`)).value('owner_id')).toBe(bob.profileId);
  expect((await anna.browser.visit('/settings/activity/')).at('main')).toMatch(/Owner[^.]*Bob/);
  expect((await anna.browser.visit(path)).at('main dl')).toMatch(/Owner ?Bob/);
});

test('nobody of another organisation, and no member without access, can be made the owner', async () => {
  const gus = await atrium.people.adminOf('Globex', 'gus@globex.test');
  const answer = await anna.browser.fill('/projects/new/', {
    name: 'Roof',
    owner_id: gus.profileId,
  });
  expect([answer.status, answer.value('name')]).toEqual([422, 'Roof']);
  expect(answer.errorOf('owner_id')).toMatch(/No active member of your organisation/);
});

test('staff change a project and leave its owner, whatever they send', async () => {
  await add('Roof', { owner_id: bob.profileId });
  const root = await atrium.people.staff('root@atrium.test', true);
  const [project] = await atrium.sql<{ id: string }>('SELECT id FROM project');
  const path = `/admin/projects/${project!.id}/edit/`;
  const form = await root.browser.visit(path);
  expect(form.document.querySelector('[name="owner_id"]')).toBeNull();
  const saved = await root.browser.submit(path, { name: 'Green roof', owner_id: '' });
  expect(saved.status).toBe(303);
  const rows = await atrium.sql('SELECT name, owner_id FROM project');
  expect(rows).toEqual([{ name: 'Green roof', owner_id: bob.profileId }]);
});

test('a project is overdue from the day after its due date, in the time zone of the reader, until it is done', async () => {
  await add('Late', { due_date: day(-2), status: 'active' });
  await add('Later', { due_date: day(2), status: 'active' });
  await add('Done', { due_date: day(-2), status: 'done' });
  const { document } = await anna.browser.visit('/projects/');
  const overdue = document
    .querySelectorAll('tbody tr')
    .filter((row) => row.text.includes('Overdue'))
    .map((row) => row.querySelector('th')!.text.trim());
  expect(overdue).toEqual(['Late']);
});

test('the headings of the list sort it, say by which column it is sorted, and keep search and filter', async () => {
  await add('Roof', { due_date: day(9), status: 'active' });
  await add('Wall', { due_date: day(1), status: 'active' });
  const names = (list: Awaited<ReturnType<typeof anna.browser.visit>>) =>
    list.document.querySelectorAll('tbody th').map((cell) => cell.text.trim());
  const sorted = (list: Awaited<ReturnType<typeof anna.browser.visit>>) =>
    list.document
      .querySelectorAll('thead th[aria-sort="ascending"]')
      .map((each) => each.text.trim());
  const first = await anna.browser.visit('/projects/?status=active&q=a');
  expect([names(first), sorted(first)]).toEqual([['Wall'], ['Name']]);
  const all = await anna.browser.visit('/projects/?status=active');
  expect([names(all), sorted(all)]).toEqual([['Roof', 'Wall'], ['Name']]);
  const link = all.document
    .querySelectorAll('thead a')
    .find((each) => each.text.trim() === 'Due date')!;
  const href = link.getAttribute('href')!.replaceAll('&amp;', '&');
  expect(href).toBe('/projects/?status=active&sort=due');
  const byDate = await anna.browser.visit(href);
  expect([names(byDate), sorted(byDate)]).toEqual([['Wall', 'Roof'], ['Due date']]);
});

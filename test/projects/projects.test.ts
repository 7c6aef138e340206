import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { RoundTrips } from '../support/round-trips.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  // Statements are counted: no job of this process sends any.
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.memberOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());
afterEach(() => atrium.sql('DELETE FROM project'));

/** Adds a project through its form and returns its path. */
async function added(browser: Browser, values: Record<string, string>): Promise<string> {
  const answer = await browser.fill('/projects/new/', values);
  expect(answer.status).toBe(303);
  return answer.location!;
}

function names(sight: Sight): string[] {
  return sight.document
    .querySelectorAll('tbody th')
    .map((cell) => (cell.querySelector('a') ?? cell).textContent.trim());
}

test('who has no projects yet is shown how to begin', async () => {
  const sight = await anna.browser.visit('/projects/');
  expect(sight.at('main')).toContain('No projects yet');
  expect(sight.document.querySelector('nav [aria-current="page"]')?.textContent).toBe('Projects');
  expect(sight.document.querySelector('main [role="search"]')).toBeNull();
});

test('a member adds a project and finds it in the list', async () => {
  const path = await added(anna.browser, {
    name: '  New   roof ',
    description: 'Slate.\r\nNo plastic.',
    status: 'active',
    due_date: '2027-03-01',
  });
  const shown = await anna.browser.visit(path);
  expect(shown.at('[data-notices]')).toContain('The project has been added.');
  expect(shown.at('h1')).toBe('New roof');
  expect(shown.at('main dl')).toMatch(/Slate\. No plastic\..*Active.*1 Mar 2027/);
  const form = await anna.browser.visit(`${path}edit/`);
  expect(form.value('description')).toBe('Slate.\nNo plastic.');
  expect(form.value('due_date')).toBe('2027-03-01');

  const list = await anna.browser.visit('/projects/');
  expect(list.at('tbody tr')).toBe('New roof Active 1 Mar 2027');
});

test('dates and words come in the language of the reader', async () => {
  await added(anna.browser, { name: 'Dak', due_date: '2027-03-01', status: 'done' });
  const reader = await atrium.people.memberOf('Acme', 'luc@acme.test');
  await reader.browser.visit('/projects/');
  await reader.browser.submit('/i18n/setlang/', { language: 'fr-be' });
  const list = await reader.browser.visit('/projects/');
  expect(list.at('h1')).toBe('Projets');
  expect(list.at('tbody tr')).toBe('Dak Terminé 1 mars 2027');
});

test.each([
  ['name', { name: ' ' }, 'Fill in this field.'],
  ['name', { name: 'x'.repeat(121) }, 'Use at most 120 characters.'],
  ['description', { description: 'x'.repeat(2001) }, 'Use at most 2000 characters.'],
  ['due_date', { due_date: '2027-02-30' }, 'Enter a date, like 2026-12-31.'],
  ['due_date', { due_date: '0020-01-01' }, 'Enter a date, like 2026-12-31.'],
])('a wrong %s is told at the field, and nothing typed is lost', async (field, wrong, message) => {
  const typed = { name: 'Roof', description: 'Slate', status: 'active', due_date: '2027-01-01' };
  const answer = await anna.browser.fill('/projects/new/', { ...typed, ...wrong });
  expect(answer.status).toBe(422);
  expect(answer.errorOf(field)).toBe(message);
  for (const [name, value] of Object.entries({ ...typed, ...wrong })) {
    if (name !== 'status') expect(answer.value(name)).toBe(value);
  }
  expect(answer.document.querySelector('[value="active"]')?.hasAttribute('checked')).toBe(true);
  expect(await atrium.sql('SELECT 1 FROM project')).toEqual([]);
});

test('a status that does not exist is refused', async () => {
  const answer = await anna.browser.fill('/projects/new/', { name: 'Roof', status: 'abandoned' });
  expect(answer.status).toBe(422);
  expect(answer.at('[role="alert"]')).toContain('Choose one of the options.');
});

test('a change of a project is recorded with its author', async () => {
  const path = await added(anna.browser, { name: 'Roof' });
  const bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
  const saved = await bob.browser.fill(`${path}edit/`, {
    name: 'Green roof',
    due_date: '2027-05-05',
  });
  expect([saved.status, saved.location]).toEqual([303, path]);
  expect((await bob.browser.visit(path)).at('h1')).toBe('Green roof');
  const [row] = await atrium.sql('SELECT created_by, updated_by, version FROM project');
  expect(row).toEqual({ created_by: anna.userId, updated_by: bob.userId, version: 2 });
});

test('of two tabs the second is refused as outdated and keeps the typed values', async () => {
  const path = await added(anna.browser, { name: 'Roof', description: 'Slate' });
  const second = (await atrium.people.signedIn('anna@acme.test')).browser;
  const form = `${path}edit/`;
  await second.visit(form);
  await anna.browser.fill(form, { name: 'Roof of the barn', status: 'done' });

  const refused = await second.submit(form, { name: 'Roof of the house', description: 'Tiles' });
  expect(refused.status).toBe(422);
  expect(refused.at('[role="alert"]')).toContain('Somebody else saved this project');
  expect(refused.at('[aria-labelledby="saved-title"]')).toContain('Roof of the barn');
  expect(refused.value('name')).toBe('Roof of the house');
  expect(refused.value('description')).toBe('Tiles');
  expect(await atrium.sql('SELECT name FROM project')).toEqual([{ name: 'Roof of the barn' }]);

  const again = await second.submit(form);
  expect(again.status).toBe(303);
  expect(await atrium.sql('SELECT name, description FROM project')).toEqual([
    { name: 'Roof of the house', description: 'Tiles' },
  ]);
});

test('a form with a missing or invalid version overwrites nothing', async () => {
  const form = `${await added(anna.browser, { name: 'Roof' })}edit/`;
  for (const version of ['', 'x', '-1', '99999999999999999999']) {
    await anna.browser.visit(form);
    const answer = await anna.browser.submit(form, { name: 'Other', version });
    expect(answer.status).toBe(422);
  }
  expect(await atrium.sql('SELECT name FROM project')).toEqual([{ name: 'Roof' }]);
});

test('of two concurrent saves one succeeds and the other is refused', async () => {
  const form = `${await added(anna.browser, { name: 'Roof' })}edit/`;
  const second = (await atrium.people.signedIn('anna@acme.test')).browser;
  await Promise.all([anna.browser.visit(form), second.visit(form)]);
  const answers = await Promise.all([
    anna.browser.submit(form, { name: 'One' }),
    second.submit(form, { name: 'Two' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
});

test('a deleted project is gone from the list, and one click brings it back', async () => {
  const path = await added(anna.browser, { name: 'Roof' });
  const page = await anna.browser.visit(path);
  expect(page.document.querySelector('a[href="#delete"]')).not.toBeNull();
  const deleted = await anna.browser.submit(`${path}delete/`);
  expect([deleted.status, deleted.location]).toEqual([303, '/projects/']);

  const list = await anna.browser.follow(deleted);
  expect(list.at('[data-notices]')).toContain('“Roof” has been deleted.');
  expect(list.at('main')).toContain('No projects yet');

  const undone = await anna.browser.submit(`${path}restore/`);
  expect(undone.location).toBe(path);
  expect((await anna.browser.visit(path)).status).toBe(200);
});

test('the only project is found again after it was deleted, from the empty list', async () => {
  const path = await added(anna.browser, { name: 'Roof' });
  const links = async () =>
    (await anna.browser.visit('/projects/')).document
      .querySelectorAll('main a')
      .map((link) => link.getAttribute('href'));
  expect(await links()).not.toContain('/projects/?status=deleted');
  await anna.browser.post(`${path}delete/`);
  expect(await links()).toContain('/projects/?status=deleted');
  expect(names(await anna.browser.visit('/projects/?status=deleted'))[0]).toMatch(/^Roof/);
});

test('deleted projects can be found and restored later', async () => {
  const path = await added(anna.browser, { name: 'Roof' });
  await added(anna.browser, { name: 'Cellar' });
  await anna.browser.post(`${path}delete/`);
  expect((await anna.browser.visit(path)).status).toBe(404);
  const list = await anna.browser.visit('/projects/?status=deleted');
  expect(names(list).map((name) => name.split(/\s/)[0])).toEqual(['Roof']);
  await anna.browser.submit(`${path}restore/`);
  expect(names(await anna.browser.visit('/projects/'))).toEqual(['Cellar', 'Roof']);
  const twice = await anna.browser.post(`${path}restore/`);
  expect(twice.location).toBe(path);
});

test.each([
  ['100%', ['Grow 100%']],
  ['a_b', ['a_b']],
  ["O'Neill", ["O'Neill; DROP TABLE project"]],
  ['"quoted"', ['say "quoted"']],
  ['back\\slash', ['back\\slash']],
  ['ÉTÉ', ['été']],
  ['hidden word', ['Grow 100%']],
  ['nothing like it', []],
  [
    '   ',
    [
      'a_b',
      'acb',
      'back\\slash',
      'Grow 100%',
      "O'Neill; DROP TABLE project",
      'say "quoted"',
      'été',
    ],
  ],
])('searching for %s finds exactly that', async (q, expected) => {
  for (const name of [
    'a_b',
    'acb',
    "O'Neill; DROP TABLE project",
    'say "quoted"',
    'back\\slash',
    'été',
  ]) {
    await added(anna.browser, { name });
  }
  await added(anna.browser, { name: 'Grow 100%', description: 'a Hidden word' });
  const list = await anna.browser.visit(`/projects/?q=${encodeURIComponent(q)}`);
  expect(names(list).sort()).toEqual([...expected].sort());
  if (expected.length === 0) expect(list.at('main')).toContain('Nothing found');
  else if (q.trim()) expect(list.value('q')).toBe(q);
});

test('what people type is shown as text, never run', async () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7}}';
  const path = await added(anna.browser, { name: evil, description: `</textarea>${evil}` });
  const form = `${path}edit/`;
  const pages = [
    await anna.browser.visit('/projects/'),
    await anna.browser.visit(`/projects/?q=${encodeURIComponent(evil)}`),
    await anna.browser.visit(form),
    await anna.browser.submit(form, { version: '0' }),
    await anna.browser.visit(path),
    await anna.browser.follow(await anna.browser.submit(`${path}delete/`)),
  ];
  for (const sight of pages) {
    expect(sight.response.text).toContain('&lt;script&gt;alert(1)');
    expect(sight.response.text).not.toContain('<script>alert');
    expect(sight.document.querySelector('img[src="x"]')).toBeNull();
  }
});

test('the list takes two statements and one round trip besides finding out who asks', async () => {
  await added(anna.browser, { name: 'Roof' });
  const unitOfWork = atrium.app.get(UnitOfWork);
  const read = unitOfWork.read.bind(unitOfWork);
  const statements: string[] = [];
  unitOfWork.read = (statement, role) => {
    statements.push(statement.name ?? '');
    return read(statement, role);
  };
  await anna.browser.visit('/projects/?q=roof&sort=due');
  expect(statements).toEqual(['principal', 'projects-due-first-kept', 'projects-totals-kept']);
  unitOfWork.read = read;
  const counter = new RoundTrips();
  counter.begin(atrium.server);
  const trips = await counter.of(() => anna.browser.visit('/projects/?q=roof&sort=due'));
  counter.end();
  // Who asks; rows and totals.
  expect(trips).toHaveLength(2);
});

test('visitors who are not signed in are sent to the login page and back', async () => {
  const answer = await atrium.browser().visit('/projects/');
  expect(answer.location).toBe('/login/?next=%2Fprojects%2F');
});

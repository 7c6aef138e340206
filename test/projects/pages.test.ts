import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.memberOf('Acme', 'anna@acme.test');
  const other = await atrium.people.memberOf('Globex', 'gus@globex.test');
  for (const tenantId of [anna.tenantId, other.tenantId]) {
    // Half of them have no due date, many share one, and all were made in the same microsecond.
    await atrium.sql(
      `INSERT INTO project (tenant_id, name, status, due_date, version)
       SELECT $1, CASE WHEN n % 2 = 0 THEN 'Project ' ELSE 'project ' END || lpad(n::text, 2, '0'),
         CASE WHEN n <= 30 THEN 'active' ELSE 'done' END,
         CASE WHEN n % 2 = 0 THEN date '2027-01-01' + n / 10 END, 1
       FROM generate_series(1, 60) n`,
      [tenantId],
    );
  }
});
afterAll(() => atrium.stop());

const names = (sight: Sight) =>
  sight.document.querySelectorAll('tbody th a').map((link) => link.textContent);
const link = (sight: Sight, rel: 'next' | 'prev') =>
  sight.document.querySelector(`a[rel="${rel}"]`)?.getAttribute('href')?.replaceAll('&amp;', '&');
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index).padStart(2, '0'));
const numbersOf = (sight: Sight) => names(sight).map((name) => name.slice(-2));

test('sixty projects fill three pages, forth and back', async () => {
  const first = await anna.browser.visit('/projects/');
  expect(numbersOf(first)).toEqual(numbers(1, 25));
  expect(link(first, 'prev')).toBeUndefined();
  const second = await anna.browser.visit(link(first, 'next')!);
  expect(numbersOf(second)).toEqual(numbers(26, 50));
  const third = await anna.browser.visit(link(second, 'next')!);
  expect(numbersOf(third)).toEqual(numbers(51, 60));
  expect(link(third, 'next')).toBeUndefined();

  const back = await anna.browser.visit(link(third, 'prev')!);
  expect(numbersOf(back)).toEqual(numbers(26, 50));
  const start = await anna.browser.visit(link(back, 'prev')!);
  expect(numbersOf(start)).toEqual(numbers(1, 25));
  expect(link(start, 'prev')).toBeUndefined();
  expect(link(start, 'next')).toBeDefined();
});

test.each(['name', 'due', 'newest'])('sorted by %s no page misses or repeats one', async (sort) => {
  const seen: string[] = [];
  for (let path: string | undefined = `/projects/?sort=${sort}`; path;) {
    const sight = await anna.browser.visit(path);
    expect(sight.status).toBe(200);
    seen.push(...names(sight));
    path = link(sight, 'next');
  }
  expect(seen).toHaveLength(60);
  expect(new Set(seen).size).toBe(60);
});

test('without a due date comes last, and search and filter go along from page to page', async () => {
  const first = await anna.browser.visit('/projects/?sort=due&status=active&q=PROJECT');
  expect(numbersOf(first).slice(0, 5)).toHaveLength(5);
  expect(first.at('tbody tr')).toContain('1 Jan 2027');
  const second = await anna.browser.visit(link(first, 'next')!);
  expect(names(second)).toHaveLength(5);
  expect(second.at('tbody')).not.toContain('2027');
  expect([second.value('q'), second.value('sort'), second.value('status')]).toEqual([
    'PROJECT',
    'due',
    'active',
  ]);
});

test('a project added meanwhile shifts nothing on the next page', async () => {
  const first = await anna.browser.visit('/projects/');
  await anna.browser.fill('/projects/new/', { name: 'AAA first of all' });
  const second = await anna.browser.visit(link(first, 'next')!);
  expect(numbersOf(second)).toEqual(numbers(26, 50));
  await atrium.sql(`DELETE FROM project WHERE name LIKE 'AAA%'`);
});

test('a page whose projects are gone leads to the first one', async () => {
  const first = await anna.browser.visit('/projects/?q=project%200');
  expect(link(first, 'next')).toBeUndefined();
  const all = await anna.browser.visit('/projects/?sort=newest');
  const next = link(all, 'next')!;
  const answer = await anna.browser.visit(`${next}&q=project+60x`);
  expect(answer.location).toBe('/projects/?q=project+60x&sort=newest');
});

test('an invalid cursor, or one of another order, is 400', async () => {
  const cursor = (parts: unknown) =>
    encodeURIComponent(Buffer.from(JSON.stringify(parts)).toString('base64url'));
  const id = '00000000-0000-4000-8000-000000000000';
  const odd = [
    'nonsense',
    '%00',
    cursor(null),
    cursor({}),
    cursor(['name', 'after', 'x']),
    cursor(['name', 'after', 'x', 'not an id']),
    cursor(['name', 'sideways', 'x', id]),
    cursor(['name', 'after', 'nul \0', id]),
    cursor(['name', 'after', '\ud800', id]),
    cursor(['due', 'after', 'x', id]),
    'x'.repeat(1900),
  ];
  for (const page of odd) {
    expect((await anna.browser.visit(`/projects/?page=${page}`)).status).toBe(400);
  }
  const dates = ['2027-02-30', '0000-01-01', "infinity'", '2027-13-01', 'now'];
  for (const day of dates) {
    const page = cursor(['due', 'after', day, id]);
    expect((await anna.browser.visit(`/projects/?sort=due&page=${page}`)).status).toBe(400);
    const time = cursor(['newest', 'after', `${day}T00:00:00.000000Z`, id]);
    expect((await anna.browser.visit(`/projects/?sort=newest&page=${time}`)).status).toBe(400);
  }
});

test('an unknown filter or order is ignored', async () => {
  const odd = await anna.browser.visit('/projects/?status=x&sort=y&q=%00&q=project+01&page=');
  expect(odd.status).toBe(200);
  expect(numbersOf(odd)).toEqual(['01']);
});

import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';
import { refused, sent, title, typed } from './projects.samples.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());
afterEach(async () => {
  await atrium.sql('DELETE FROM project');
  await atrium.sql('DELETE FROM row_import');
});

const PATH = '/projects/import/';
const fields = Object.keys(typed('x'));

const csvOf = (...rows: string[][]) =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');

/** Uploads a file with these lines and returns the preview. */
async function previewed(browser: Browser, text: string): Promise<Sight> {
  await browser.visit(PATH);
  const file = { field: 'file', name: 'list.csv', bytes: Buffer.from(text), type: 'text/csv' };
  return browser.upload(PATH, file);
}

const rowOf = (name: string) => Object.values(typed(name));
const names = async () => {
  const rows = await atrium.sql<{ name: string }>(
    `SELECT ${title} AS name FROM project WHERE deleted_at IS NULL ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

test('a file is shown first, and its rows are added once they are confirmed', async () => {
  const preview = await previewed(anna.browser, csvOf(fields, rowOf('Roof'), rowOf('Barn')));
  expect([preview.status, preview.at('[role="alert"]')]).toEqual([200, '']);
  expect(preview.at('main')).toContain('2 rows are ready to be added');
  expect(await names()).toEqual([]);
  const added = await anna.browser.submit(`${PATH}confirm/`);
  expect([added.status, added.location]).toEqual([303, '/projects/']);
  const list = await anna.browser.visit('/projects/');
  expect(list.at('[data-notices]')).toContain('2 rows have been added.');
  expect(await names()).toEqual(['Barn', 'Roof']);
  const { text } = await anna.browser.visit('/settings/activity/');
  expect(text).toContain('Anna added the project “Roof”');
});

test('each error is told with its row, and the good rows are added', async () => {
  const wrong = Object.entries(refused).map(([field, value]) =>
    Object.values({ ...typed(`Wrong ${field}`), [field]: value }),
  );
  const preview = await previewed(anna.browser, csvOf(fields, ...wrong, rowOf('Roof')));
  const told = preview.document
    .querySelectorAll('[aria-labelledby="problems-title"] tbody th')
    .map((cell) => cell.textContent);
  const expected = wrong.map((_, index) => String(index + 2));
  expect(told).toEqual(expected);
  await anna.browser.submit(`${PATH}confirm/`);
  expect(await names()).toEqual(['Roof']);
});

test('confirmed twice, also at once, the rows are added once', async () => {
  await previewed(anna.browser, csvOf(fields, rowOf('Roof')));
  const answers = await Promise.all([1, 2, 3].map(() => anna.browser.submit(`${PATH}confirm/`)));
  expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
  expect(await names()).toEqual(['Roof']);
});

test('an import is taken back but for what was changed since', async () => {
  await previewed(anna.browser, csvOf(fields, rowOf('Roof'), rowOf('Barn'), rowOf('Shed')));
  await anna.browser.submit(`${PATH}confirm/`);
  const list = await anna.browser.visit('/projects/');
  const barn = list.document
    .querySelectorAll('tbody a')
    .find((link) => link.textContent === 'Barn');
  await anna.browser.fill(`${barn!.getAttribute('href')}edit/`, { [title]: 'Green barn' });
  await atrium.sql(`DELETE FROM project WHERE ${title} = 'Shed'`);
  const page = await anna.browser.visit(PATH);
  const undo = page.document
    .querySelectorAll('form')
    .map((form) => form.getAttribute('action')!)
    .find((action) => action.endsWith('/undo/'));
  expect((await anna.browser.submit(undo!)).location).toBe(PATH);
  const after = await anna.browser.visit(PATH);
  // Of the three one was deleted before: it did not stay.
  expect(after.at('[data-notices]')).toMatch(/^1 row has been deleted\..*stayed: 1\./);
  expect(await names()).toEqual(['Green barn']);
  await anna.browser.post(undo!);
  expect(await names()).toEqual(['Green barn']);
});

test('an import is taken back within a week, and its button is gone afterwards', async () => {
  await previewed(anna.browser, csvOf(fields, rowOf('Roof')));
  await anna.browser.submit(`${PATH}confirm/`);
  const [row] = await atrium.sql<{ id: string }>(
    "UPDATE row_import SET created_at = now() - interval '8 days' RETURNING id",
  );
  // Its message offers it once more.
  await anna.browser.visit('/projects/');
  const page = await anna.browser.visit(PATH);
  expect(page.response.text.includes(row!.id)).toBe(false);
  expect((await anna.browser.post(`${PATH}${row!.id}/undo/`)).status).toBe(404);
  expect(await names()).toEqual(['Roof']);
});

test('what is exported can be imported again, in the language of the person', async () => {
  const name = '=1+1, "quoted" é';
  const values = typed(name);
  await anna.browser.fill('/projects/new/', values);
  const dutch = (await atrium.people.signedIn('anna@acme.test')).browser;
  dutch.with('accept-language', 'nl');
  const { text, headers } = (await dutch.visit('/projects/export.csv')).response;
  expect(headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(headers['content-disposition']).toBe('attachment; filename="projects.csv"');
  expect(text.charCodeAt(0)).toBe(0xfeff);
  expect(text).toContain(`"'=1+1, ""quoted"" é"`);
  // As spreadsheets in Dutch read it when it is opened by a click.
  expect(text.split('\r\n')[0]).toContain('";"');
  expect(headers['cache-control']).toBe('no-store');
  await atrium.sql('DELETE FROM project');
  const preview = await previewed(dutch, text);
  await dutch.submit(`${PATH}confirm/`);
  expect([preview.status, await names()]).toEqual([200, [name]]);
  const path = (await anna.browser.visit('/projects/')).document
    .querySelector('tbody a')!
    .getAttribute('href')!;
  expect((await anna.browser.visit(`${path}edit/`)).form(`${path}edit/`)).toMatchObject(values);
});

test('all that the filter shows is exported, to people and to clients of the API', async () => {
  const client = atrium
    .api()
    .showing(await atrium.people.keyOf('Acme', ['projects:read', 'projects:write']));
  const made = await client.post('/projects', sent('Roof'));
  await client.post('/projects', sent('Barn'));
  const page = (await anna.browser.visit('/projects/export.csv?q=roof')).response.text;
  expect([page.includes('Roof'), page.includes('Barn')]).toEqual([true, false]);
  const csv = await client.get('/projects?q=roof', { accept: 'text/csv' });
  expect([csv.status, csv.get('content-type'), csv.get('vary')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    expect.stringContaining('Accept'),
  ]);
  const [header, row, ...rest] = csv.text.split('\r\n');
  expect(header).toContain(`"id"`);
  expect(header).toContain(`"${title}"`);
  expect(row).toContain(made.body.id);
  expect(rest).toEqual(['']);
});

test('an import of another organisation cannot be taken back, and its preview not be confirmed', async () => {
  const gus = await atrium.people.adminOf('Globex', 'gus@globex.test');
  const preview = await previewed(anna.browser, csvOf(fields, rowOf('Roof')));
  const { rows } = preview.form(`${PATH}confirm/`);
  const stolen = await gus.browser.post(`${PATH}confirm/`, { rows: rows! });
  expect(stolen.status).toBe(422);
  await anna.browser.submit(`${PATH}confirm/`);
  const last = 'SELECT id FROM row_import ORDER BY created_at DESC LIMIT 1';
  const [row] = await atrium.sql<{ id: string }>(last);
  expect((await gus.browser.post(`${PATH}${row!.id}/undo/`)).status).toBe(404);
  expect((await gus.browser.visit(PATH)).text).not.toContain('list.csv');
  expect(await names()).toEqual(['Roof']);
});

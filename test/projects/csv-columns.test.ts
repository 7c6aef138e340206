import type { HTMLElement } from 'node-html-parser';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());
afterEach(() => atrium.sql('DELETE FROM project'));

const PATH = '/projects/import/';

async function previewed(browser: Browser, text: string): Promise<Sight> {
  await browser.visit(PATH);
  const bytes = Buffer.from(text);
  return browser.upload(PATH, { field: 'file', name: 'lijst é.csv', bytes, type: 'text/csv' });
}

const columnsOf = (sight: Sight) =>
  sight.document.querySelectorAll('[aria-labelledby="columns-title"] tbody tr').map(cellsOf);

const cellsOf = (row: HTMLElement) =>
  row.querySelectorAll('th, td').map((cell) => cell.textContent.trim());

async function dutch(): Promise<Browser> {
  const { browser } = await atrium.people.signedIn('anna@acme.test');
  return browser.with('accept-language', 'nl');
}

test('columns and words are recognised in the language of the person and in English', async () => {
  const browser = await dutch();
  const preview = await previewed(
    browser,
    'NAAM;Status;Due  date;Kleur\nDak;afgerond;2027-03-01;rood\nSchuur;Planned;;blauw',
  );
  expect(preview.at('h1')).toBe('Controleer de import');
  expect(preview.at('main')).toContain('Uit lijst é.csv.');
  expect(columnsOf(preview)).toEqual([
    ['NAAM', 'Naam', 'Dak'],
    ['Status', 'Status', 'afgerond'],
    ['Due  date', 'Einddatum', '2027-03-01'],
    ['Kleur', 'Niet herkend, weggelaten', 'rood'],
  ]);
  await browser.submit(`${PATH}confirm/`);
  expect(await atrium.sql('SELECT name, status, due_date FROM project ORDER BY name')).toEqual([
    { name: 'Dak', status: 'done', due_date: expect.anything() },
    { name: 'Schuur', status: 'planned', due_date: null },
  ]);
});

test('errors of rows are told in the language of the person', async () => {
  const preview = await previewed(await dutch(), 'naam,status\nDak,weg\n');
  const problem = preview.document.querySelector('[aria-labelledby="problems-title"] tbody tr');
  expect(cellsOf(problem!)).toEqual(['2', 'Status', 'Kies een van de mogelijkheden.']);
  expect(preview.at('[role="alert"]')).toContain('Er kan geen rij worden toegevoegd');
  expect(preview.document.querySelector(`form[action="${PATH}confirm/"]`)).toBeNull();
});

test.each([
  ['a file without a known column', 'Kleur\nrood', 'No column was recognised.*“Name”'],
  ['a file without a column that is needed', 'Status\nDone', 'are missing: “Name”'],
  ['no file', '', 'Choose a CSV file'],
])('%s is refused at the field', async (_, text, told) => {
  const answer = await previewed(anna.browser, text);
  expect([answer.status, answer.at('#file-error')]).toEqual([422, expect.stringMatching(told)]);
});

test('a long list is exported whole, each row once', async () => {
  await atrium.sql(
    `INSERT INTO project (tenant_id, name, version)
     SELECT $1, 'Project ' || n, 1 FROM generate_series(1, 1203) n`,
    [anna.tenantId],
  );
  const { text } = (await anna.browser.visit('/projects/export.csv?sort=newest')).response;
  const names = text
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split('","')[0]);
  expect(names).toHaveLength(1_203);
  expect(new Set(names).size).toBe(1_203);
  const none = (await anna.browser.visit('/projects/export.csv?q=nothing')).response.text;
  expect(none.split('\r\n')).toHaveLength(2);
});

test('the link of the list exports what its filter shows, deleted ones too', async () => {
  await anna.browser.fill('/projects/new/', { name: 'Roof' });
  const list = await anna.browser.visit('/projects/?status=planned&sort=due');
  const link = list.document.querySelector('a[download]')!.getAttribute('href')!;
  expect(link.replaceAll('&amp;', '&')).toBe('/projects/export.csv?status=planned&sort=due');
  await atrium.sql('UPDATE project SET deleted_at = now()');
  const kept = (await anna.browser.visit('/projects/export.csv')).response.text;
  const deleted = (await anna.browser.visit('/projects/export.csv?status=deleted')).response.text;
  expect([kept.includes('Roof'), deleted.includes('Roof')]).toEqual([false, true]);
});

test('a preview that was changed, or is another’s, is refused', async () => {
  const preview = await previewed(anna.browser, 'Name\nRoof');
  const { rows } = preview.form(`${PATH}confirm/`);
  const bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
  for (const [browser, value] of [
    [anna.browser, `${rows!.slice(0, -8)}AAAAAAAA`],
    [anna.browser, ''],
    [bob.browser, rows!],
  ] as const) {
    const answer = await browser.post(`${PATH}confirm/`, { rows: value });
    expect([answer.status, answer.at('#file-error')]).toEqual([
      422,
      expect.stringContaining('no longer valid'),
    ]);
  }
  expect(await atrium.sql('SELECT 1 FROM project')).toEqual([]);
});

test('what staff who only look send is refused, and adds nothing', async () => {
  const root = await atrium.people.staff('root@atrium.test', true);
  const start = { reason: 'Ticket 4711', minutes: '15', mode: 'look' };
  await root.browser.fill(`/admin/users/${anna.userId}/act/`, start);
  const page = await root.browser.visit('/projects/');
  expect(page.document.querySelector('a[href="/projects/import/"]')).toBeNull();
  expect((await root.browser.post(`${PATH}confirm/`, { rows: 'x' })).status).toBe(403);
});

test('days are read as spreadsheets in Dutch save them, and refused in English, where day and month are not told apart', async () => {
  const browser = await dutch();
  await previewed(browser, 'naam;einddatum\nDak;1/03/2027\nSchuur;31-12-2027');
  await browser.submit(`${PATH}confirm/`);
  const rows = await atrium.sql('SELECT name, due_date::text AS day FROM project ORDER BY name');
  expect(rows).toEqual([
    { name: 'Dak', day: '2027-03-01' },
    { name: 'Schuur', day: '2027-12-31' },
  ]);
  for (const [who, text] of [
    [anna.browser, 'name,due date\nRoof,1/03/2027'],
    [browser, 'naam;einddatum\nDak;31/02/2027'],
  ] as const) {
    const preview = await previewed(who, text);
    expect(
      preview.document.querySelector('[aria-labelledby="problems-title"] tbody tr'),
    ).not.toBeNull();
  }
});

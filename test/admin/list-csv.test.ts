import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let root: Person;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp();
  root = await atrium.people.staff('root@atrium.test', true);
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  await atrium.sql(`INSERT INTO users (email, created_at)
    SELECT 'p' || lpad(n::text, 4, '0') || '@many.test', '2020-01-01'::timestamptz + n * interval '1 hour'
    FROM generate_series(1, 2500) n`);
  await atrium.sql(
    `INSERT INTO user_profile (user_id) SELECT id FROM users WHERE email LIKE '%@many.test'`,
  );
});
afterAll(() => atrium.stop());

async function linesOf(path: string, person = root): Promise<string[]> {
  const { text, status, headers } = await person.browser.agent.get(path);
  expect(status).toBe(200);
  expect(headers['content-type']).toContain('text/csv');
  expect(headers['content-disposition']).toContain('attachment');
  return text.replace('\uFEFF', '').trimEnd().split('\r\n');
}

test('a list is downloaded with its search, its filter and its order, all of its rows', async () => {
  const page = await root.browser.visit('/admin/users/?q=many.test&sort=-email');
  const href = page.document.querySelector('a[href*="export.csv"]')!.getAttribute('href')!;
  const lines = await linesOf(href);
  expect(lines[0]).toMatch(/^"Id","E-mail address","State",/);
  expect(lines).toHaveLength(2501);
  expect(lines[1]).toContain('"p2500@many.test","Active"');
  expect(lines.at(-1)).toContain('"p0001@many.test"');
  expect(lines.at(-1)).toContain('"2020-01-01 01:00:00"');
  expect(await linesOf('/admin/users/export.csv?staff=superuser')).toHaveLength(2);
});

test('a file of a list holds no secret, and nothing a spreadsheet would evaluate', async () => {
  await atrium.sql(`UPDATE tenant SET organization = '=cmd|calc' WHERE id = $1`, [anna.tenantId]);
  const organisations = await linesOf('/admin/tenants/export.csv');
  expect(organisations.join('\n')).toContain(`"'=cmd|calc"`);
  const [secret] = await atrium.sql<{ hash: string }>(
    'SELECT password_hash AS hash FROM users WHERE password_hash IS NOT NULL LIMIT 1',
  );
  const people = (await linesOf('/admin/users/export.csv')).join('\n');
  expect(people).not.toContain(secret!.hash);
});

test('any member of staff downloads lists, and the trail says who took which', async () => {
  const viewer = await atrium.people.staff('viewer@atrium.test');
  await linesOf('/admin/users/export.csv', viewer);
  const trail = await root.browser.visit('/admin/audit/');
  expect(trail.text).toContain('downloaded the list Users');
  expect((await anna.browser.agent.get('/admin/users/export.csv')).status).toBe(404);
  expect((await root.browser.agent.get('/admin/nothing/export.csv')).status).toBe(404);
});

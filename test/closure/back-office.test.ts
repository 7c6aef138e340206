import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let root: Person;
beforeAll(async () => {
  atrium = await startApp();
  root = await atrium.people.staff('root@atrium.test', true);
});
afterAll(() => atrium.stop());

test('staff see closed organisations and filter by them, and a superuser reopens one', async () => {
  const anna = await atrium.people.adminOf('Shut', 'anna@shut.test');
  await atrium.people.adminOf('Running', 'bert@running.test');
  await anna.browser.fill('/settings/closure/', { organization: 'Shut' });
  const { browser } = root;
  const list = await browser.visit('/admin/closures/');
  expect(list.at('tbody')).toContain('Shut');
  expect(list.at('tbody')).not.toContain('Running');
  const closed = await browser.visit('/admin/tenants/?closing=closed');
  expect(closed.at('tbody')).toContain('Shut');
  expect(closed.at('tbody')).not.toContain('Running');
  const open = await browser.visit('/admin/tenants/?closing=open');
  expect(open.at('tbody')).toContain('Running');
  expect(open.at('tbody')).not.toContain('Shut');

  const looking = await atrium.people.staff('look@atrium.test');
  const path = `/admin/closures/${anna.tenantId}/reopen/`;
  expect((await looking.browser.visit('/admin/closures/')).at('tbody')).toContain('Shut');
  expect((await looking.browser.visit(path)).status).toBe(403);
  const asked = await browser.visit(path);
  expect(asked.text).toContain('Reopen Shut?');
  const done = await browser.follow(await browser.submit(path));
  expect(done.text).toContain('Shut is open again.');
  const [row] = await atrium.sql<{ open: boolean }>(
    'SELECT erase_at IS NULL AS open FROM tenant WHERE id = $1',
    [anna.tenantId],
  );
  expect(row!.open).toBe(true);
  const trail = await atrium.sql<{ action: string; actor_name: string }>(
    `SELECT action, actor_name FROM audit_entry WHERE tenant_id = $1 ORDER BY position`,
    [anna.tenantId],
  );
  expect(trail.at(-1)).toEqual({ action: 'tenant.reopened', actor_name: 'Root' });
  expect((await atrium.mails.expect('anna@shut.test', /open again/)).text).toContain(
    'Root reopened',
  );
});

test('staff see erasures: when, on whose word, how many rows of which table', async () => {
  const id = '7f2c1c1e-3d0c-4b53-9d2a-6a4f3f0b5a11';
  await atrium.sql(
    `INSERT INTO organisation_erasure (id, closed_at, closed_by, finished_at, row_count, file_count, removed)
     VALUES ($1, now() - interval '31 days', $2, now(), 42, 3, '{"project": 41, "tenant": 1}')`,
    [id, root.userId],
  );
  const list = await root.browser.visit('/admin/erasures/');
  expect(list.at('tbody')).toContain('42');
  const page = await root.browser.visit(`/admin/erasures/${id}/`);
  expect(page.text).toContain('Erased organisation');
  expect(page.text).toMatch(/project\W+41/);
});

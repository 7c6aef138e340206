import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let root: Person;
let viewer: Person;
let anna: Person;
let organisation: string;
beforeAll(async () => {
  atrium = await startApp();
  root = await atrium.people.staff('root@atrium.test', true);
  viewer = await atrium.people.staff('viewer@atrium.test');
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  organisation = `/admin/tenants/${anna.tenantId}/`;
});
afterAll(() => atrium.stop());

async function noteOf(person: Person, text: string): Promise<string> {
  await person.browser.visit(organisation);
  await person.browser.submit(`${organisation}notes/`, { text });
  const [note] = await atrium.sql<{ id: string }>('SELECT id FROM staff_note WHERE text = $1', [
    text,
  ]);
  return `${organisation}notes/${note!.id}/`;
}

test('all staff write notes on an organisation and read them, with who wrote them and when', async () => {
  await noteOf(viewer, 'Called about the invoice.\nWill call back.');
  const shown = await root.browser.visit(organisation);
  expect(shown.text).toContain('Called about the invoice.');
  expect(shown.text).toContain('viewer@atrium.test');
  const refused = await viewer.browser.post(`${organisation}notes/`, { text: '  ' });
  expect(refused.status).toBe(422);
  const long = await viewer.browser.post(`${organisation}notes/`, { text: 'x'.repeat(4001) });
  expect(long.status).toBe(422);
  expect(long.document.querySelector('#note-text-error')).not.toBeNull();
});

test('only its author changes a note, and superusers delete those of others', async () => {
  const note = await noteOf(viewer, 'Prefers e-mail.');
  expect((await root.browser.visit(`${note}edit/`)).status).toBe(403);
  const forged = await root.browser.post(`${note}edit/`, { text: 'No', version: '1' });
  expect(forged.status).toBe(403);
  await viewer.browser.fill(`${note}edit/`, { text: 'Prefers the phone.' });
  expect((await root.browser.visit(organisation)).text).toContain('Prefers the phone.');

  const own = await noteOf(root, 'Pays late.');
  expect((await viewer.browser.post(`${own}delete/`, {})).status).toBe(403);
  await root.browser.fill(`${note}delete/`, {});
  await root.browser.fill(`${own}delete/`, {});
  const left = await root.browser.visit(organisation);
  expect(left.text).not.toContain('Prefers the phone.');
  expect(left.text).not.toContain('Pays late.');
});

test('of two changes that begin with the same note, the second one is shown both', async () => {
  const note = await noteOf(viewer, 'First.');
  await viewer.browser.fill(`${note}edit/`, { text: 'Second.' });
  const stale = await viewer.browser.post(`${note}edit/`, { text: 'Third.', version: '1' });
  expect(stale.status).toBe(422);
  expect(stale.text).toContain('Second.');
  expect(stale.value('text')).toContain('Third.');
});

test('customers never see notes, and what is done to them is in the trail of the operator, without the text', async () => {
  await noteOf(viewer, 'A very private remark.');
  expect((await anna.browser.visit(organisation)).status).toBe(404);
  expect((await anna.browser.post(`${organisation}notes/`, { text: 'Hello' })).status).toBe(404);
  const activity = await anna.browser.visit('/settings/activity/');
  expect(activity.text).not.toContain('added a note');
  const trail = await root.browser.visit('/admin/audit/');
  expect(trail.text).toContain('added a note on an organisation');
  const entries = await atrium.sql('SELECT * FROM audit_entry');
  expect(JSON.stringify(entries)).not.toContain('A very private remark.');
});

test('a note on an organisation that does not exist is not found', async () => {
  const nowhere = '/admin/tenants/00000000-0000-4000-8000-000000000000/notes/';
  expect((await root.browser.post(nowhere, { text: 'Hello' })).status).toBe(404);
  const other = await atrium.people.adminOf('Globex', 'gil@globex.test');
  const note = await noteOf(viewer, 'Only of Acme.');
  const elsewhere = note.replace(anna.tenantId!, other.tenantId!);
  expect((await viewer.browser.visit(`${elsewhere}edit/`)).status).toBe(404);
});

test('an organisation has at most 200 notes, also of many that are written at once', async () => {
  const count = () =>
    atrium.sql<{ count: number }>('SELECT count(*)::int FROM staff_note WHERE tenant_id = $1', [
      anna.tenantId,
    ]);
  const [before] = await count();
  await atrium.sql(
    `INSERT INTO staff_note (tenant_id, author_id, text)
     SELECT $1, $2, 'n' || n FROM generate_series(1, $3) n`,
    [anna.tenantId, viewer.userId, 197 - before!.count],
  );
  const written = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      viewer.browser.post(`${organisation}notes/`, { text: `At once ${n}` }),
    ),
  );
  expect(written.map(({ status }) => status).sort()).toEqual([
    ...[303, 303, 303],
    ...[422, 422, 422, 422, 422],
  ]);
  expect(await count()).toEqual([{ count: 200 }]);
  const refused = await viewer.browser.post(`${organisation}notes/`, { text: 'One more' });
  expect(refused.text).toContain('at most 200 notes');
});

import type { Permission } from '../../src/core/features/names.js';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ObjectStorage } from '../../src/core/storage/object-storage.js';
import { AttachmentsService } from '../../src/attachments/attachments.service.js';
import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';
import { RoundTrips } from '../support/round-trips.js';
import { eventually } from '../support/waiting.js';

const MIB = 1024 * 1024;

let atrium: TestApp;
let anna: Person;
let bob: Person;
let client: ApiClient;
let row: { id: string; path: string; form: string; query: string };

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
  client = atrium.api().showing(await atrium.people.keyOf('Acme', SCOPES));
});
afterAll(() => atrium.stop());
beforeEach(async () => {
  await atrium.sql('DELETE FROM attachment');
  await atrium.sql('DELETE FROM project');
  const path = (await anna.browser.fill('/projects/new/', { name: 'Quay wall' })).location!;
  const id = path.split('/')[2]!;
  const query = `?record_type=project&record_id=${id}`;
  row = { id, path, form: `/attachments/on/project/${id}/`, query };
});

const SCOPES = [
  'attachments:read',
  'attachments:write',
  'projects:read',
  'projects:write',
] as Permission[];

/** Adds a file as a person does, on the page of the row. */
async function add({ browser }: Person, name: string, bytes = Buffer.from('Stone')) {
  await browser.visit(row.path);
  return browser.upload(row.form, { field: 'file', name, bytes, type: 'text/html' });
}

async function ids(): Promise<string[]> {
  const rows = await atrium.sql<{ id: string }>('SELECT id FROM attachment ORDER BY created_at');
  return rows.map(({ id }) => id);
}

/** Keys of the files that the storage holds. */
async function stored(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of atrium.app.get(ObjectStorage).list('attachment')) keys.push(key);
  return keys;
}

const shownFiles = (sight: Sight) => sight.at('[aria-labelledby="attachments-title"]');

describe('on the page of a row', () => {
  test('a file is added, stands there with its size and who added it, and is saved under its name', async () => {
    const added = await add(bob, 'Offre façade été.pdf', Buffer.alloc(2_048, 'x'));
    expect(added.location).toBe(row.path);
    const shown = await bob.browser.visit(row.path);
    expect(shown.at('[data-notices]')).toContain('“Offre façade été.pdf” has been added.');
    expect(shownFiles(shown)).toMatch(/Offre façade été\.pdf 2 kB · Bob/);
    const [id] = await ids();
    const { response } = await anna.browser.visit(`/attachments/${id}/`);
    expect(response.body).toEqual(Buffer.alloc(2_048, 'x'));
    expect(response.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '2048',
      'content-disposition': expect.stringMatching(
        /^attachment; filename=".*\.pdf"; filename\*=UTF-8''Offre%20fa%C3%A7ade%20%C3%A9t%C3%A9\.pdf$/,
      ),
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
  });

  test.each([
    ['page.html', 'application/octet-stream'],
    ['drawing.svg', 'application/octet-stream'],
    ['script.js', 'application/octet-stream'],
    ['notes.TXT', 'text/plain; charset=utf-8'],
    ['photo.jpg', 'image/jpeg'],
    ['constructor', 'application/octet-stream'],
  ])('%s is answered as %s, whatever the sender says, and never shown', async (name, type) => {
    await add(bob, name);
    const [id] = await ids();
    const { response } = await bob.browser.visit(`/attachments/${id}/`);
    expect(response.get('content-type')).toBe(type);
    expect(response.get('content-disposition')).toMatch(/^attachment;/);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\bob\\quote.pdf', 'quote.pdf'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['  .hidden  ', 'hidden'],
    ['...', 'file'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(196)}.pdf`],
  ])('the name “%s” becomes “%s”', async (sent, kept) => {
    await client.upload('POST', `/attachments${row.query}`, 'file', Buffer.from('Stone'), sent);
    const { body } = await client.get(`/attachments${row.query}`);
    expect(body.items[0].name).toBe(kept);
  });

  test('what cannot be added is told at the field', async () => {
    const told = async (sent: Promise<Sight>) => {
      const sight = await sent;
      return [sight.status, sight.errorOf('file')];
    };
    expect(await told(add(bob, 'empty.txt', Buffer.alloc(0)))).toEqual([
      422,
      expect.stringContaining('This file is empty.'),
    ]);
    expect(await told(add(bob, 'large.bin', Buffer.alloc(10 * MIB + 1)))).toEqual([
      422,
      expect.stringContaining('This file is too large. Choose one of at most 10 MB.'),
    ]);
    await bob.browser.visit(row.path);
    expect(await told(bob.browser.submit(row.form))).toEqual([
      422,
      expect.stringContaining('Fill in this field.'),
    ]);
    expect(await ids()).toEqual([]);
    expect((await add(bob, 'just.bin', Buffer.alloc(10 * MIB))).status).toBe(303);
  });

  test('the files cost the page one statement', async () => {
    await add(anna, 'quote.pdf');
    const counter = new RoundTrips();
    counter.begin(atrium.server);
    const trips = await counter.of(() => anna.browser.visit(row.path));
    counter.end();
    expect(trips.flat().filter((text) => /\battachment\b/.test(text))).toHaveLength(1);
  });

  test('a row has twenty files, however many are added at once, and what was refused is not stored', async () => {
    const before = new Set(await stored());
    const sending = Array.from({ length: 24 }, (_, n) =>
      client.upload('POST', `/attachments${row.query}`, 'file', Buffer.from('x'), `${n}.txt`),
    );
    const statuses = (await Promise.all(sending)).map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(20).fill(201), ...Array<number>(4).fill(422)]);
    const refused = await bob.browser.visit(row.path);
    expect(shownFiles(refused)).toContain('There are 20 files, which is the most.');
    const [id] = await ids();
    await client.send('DELETE', `/attachments/${id}`);
    expect((await add(bob, 'last.txt')).status).toBe(303);
    expect((await client.post(`/attachments/${id}/restore`)).status).toBe(409);
    const rows = await atrium.sql<{ file_key: string }>('SELECT file_key FROM attachment');
    const added = (await stored()).filter((key) => !before.has(key));
    expect(added.sort()).toEqual(rows.map(({ file_key }) => file_key).sort());
  });

  test('nothing is left in the temporary folder', async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('atrium-upload-'));
    const before = new Set(left());
    await add(bob, 'large.bin', Buffer.alloc(10 * MIB + 1));
    await add(bob, 'quote.pdf');
    await eventually(() => Promise.resolve(left().every((name) => before.has(name))));
  });
});

describe('a file that is not wanted any more', () => {
  test('is deleted by who added it or an admin, and one click brings it back', async () => {
    await add(anna, 'plan.pdf');
    await add(bob, 'quote.pdf');
    const [annas, bobs] = await ids();
    expect((await bob.browser.post(`/attachments/${annas}/delete/`)).status).toBe(403);
    expect((await bob.browser.post(`/attachments/${bobs}/delete/`)).status).toBe(303);
    expect((await bob.browser.visit(`/attachments/${bobs}/`)).status).toBe(404);
    expect((await bob.browser.post(`/attachments/${bobs}/restore/`)).status).toBe(303);
    expect((await anna.browser.post(`/attachments/${bobs}/delete/`)).status).toBe(303);
    expect((await bob.browser.post(`/attachments/${bobs}/restore/`)).status).toBe(403);
    expect((await anna.browser.post(`/attachments/${bobs}/restore/`)).status).toBe(303);
    const shown = await bob.browser.visit(row.path);
    expect(shownFiles(shown)).toMatch(/plan\.pdf.*quote\.pdf/);
    expect(shown.at('[aria-labelledby="activity-title"]')).toContain(
      'Anna deleted a file of “Quay wall”',
    );
    const trail = await anna.browser.visit('/settings/activity/');
    expect(trail.text).toContain('quote.pdf');
  });

  test('goes for good 30 days after its deletion with its bytes, not before', async () => {
    await add(bob, 'old.pdf');
    await add(bob, 'young.pdf');
    for (const id of await ids()) await bob.browser.post(`/attachments/${id}/delete/`);
    await atrium.sql(
      `UPDATE attachment SET deleted_at = now() - CASE name WHEN 'old.pdf' THEN 31 ELSE 29 END * interval '1 day'`,
    );
    const keyOf = async (name: string) =>
      (
        await atrium.sql<{ file_key: string }>('SELECT file_key FROM attachment WHERE name = $1', [
          name,
        ])
      )[0]!.file_key;
    const [old, young] = [await keyOf('old.pdf'), await keyOf('young.pdf')];
    await atrium.app.get(AttachmentsService)['removeDeleted']();
    expect(await atrium.sql('SELECT name FROM attachment')).toEqual([{ name: 'young.pdf' }]);
    const kept = await stored();
    expect([kept.includes(old), kept.includes(young)]).toEqual([false, true]);
  });

  test('of a key is its own, and not that of another key', async () => {
    const other = atrium.api().showing(await atrium.people.keyOf('Acme', SCOPES));
    await client.upload('POST', `/attachments${row.query}`, 'file', Buffer.from('x'), 'mine.txt');
    const [id] = await ids();
    expect((await other.send('DELETE', `/attachments/${id}`)).status).toBe(403);
    expect((await client.send('DELETE', `/attachments/${id}`)).status).toBe(204);
    expect((await other.post(`/attachments/${id}/restore`)).status).toBe(403);
    expect((await client.post(`/attachments/${id}/restore`)).status).toBe(200);
  });

  test('is among what happened to the row, in whatever case its id is written', async () => {
    const query = row.query.replace(row.id, row.id.toUpperCase());
    await client.upload('POST', `/attachments${query}`, 'file', Buffer.from('x'), 'loud.txt');
    const { document } = await anna.browser.visit(row.path);
    const activity = document.querySelector('[aria-labelledby="activity-title"]')!;
    expect(activity.text).toContain('added a file');
  });
});

test('of a file that the storage has lost people are told on the page of the row', async () => {
  await add(bob, 'quote.pdf');
  const [file] = await atrium.sql<{ id: string; file_key: string }>('SELECT * FROM attachment');
  await atrium.app.get(ObjectStorage).remove(file!.file_key);
  const told = await bob.browser.visit(`/attachments/${file!.id}/`);
  expect(told.location).toBe(row.path);
  const shown = await bob.browser.visit(row.path);
  expect(shown.at('[data-notices]')).toContain('The storage has lost the file “quote.pdf”.');
});

describe('where a file is not for somebody', () => {
  test('a row and a file of another organisation are not there', async () => {
    await add(bob, 'quote.pdf');
    const [id] = await ids();
    const gus = await atrium.people.adminOf('Globex', `gus${Math.random()}@globex.test`);
    expect((await gus.browser.visit(row.form)).status).toBe(404);
    expect((await gus.browser.visit(`/attachments/${id}/`)).status).toBe(404);
    for (const ending of ['delete/', 'restore/']) {
      expect((await gus.browser.post(`/attachments/${id}/${ending}`)).status).toBe(404);
    }
    const key = await atrium.people.keyOf('Globex', SCOPES);
    const foreign = atrium.api().showing(key);
    const path = `/attachments${row.query}`;
    expect((await foreign.get(path)).status).toBe(404);
    expect((await foreign.upload('POST', path, 'file', Buffer.from('Mine'))).status).toBe(404);
    expect((await foreign.get(`/attachments/${id}/content`)).status).toBe(404);
    expect(await ids()).toEqual([id]);
  });

  test('a key needs the scope that reads the row too', async () => {
    const key = await atrium.people.keyOf('Acme', ['attachments:read', 'attachments:write']);
    const narrow = atrium.api().showing(key);
    expect((await narrow.get(`/attachments${row.query}`)).status).toBe(404);
  });

  test('the files of a deleted row are not there until it is restored', async () => {
    await add(bob, 'quote.pdf');
    const [id] = await ids();
    await bob.browser.post(`${row.path}delete/`);
    expect((await bob.browser.visit(`/attachments/${id}/`)).status).toBe(404);
    expect((await client.get(`/attachments/${id}/content`)).status).toBe(404);
    await bob.browser.post(`${row.path}restore/`);
    expect((await bob.browser.visit(`/attachments/${id}/`)).status).toBe(200);
  });
});

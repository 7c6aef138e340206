import { fileFieldProblems } from '../../src/attachments/file-fields.js';
import { ObjectStorage } from '../../src/core/storage/object-storage.js';
import type { FeatureDeclaration } from '../../src/core/features/feature.js';
import type { Permission } from '../../src/core/features/names.js';
import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';
import { RoundTrips } from '../support/round-trips.js';
import { declareFiles } from './declared-files.js';

let atrium: TestApp;
let anna: Person;
let bob: Person;
let client: ApiClient;
let row: { path: string; form: string; query: string };

const undeclare = declareFiles({
  plan: 'back-office.fields.name',
  signed_copy: 'webhooks.fields.description',
});
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
  client = atrium.api().showing(await atrium.people.keyOf('Acme', SCOPES));
});
afterAll(async () => {
  undeclare();
  await atrium.stop();
});
beforeEach(async () => {
  await atrium.sql('DELETE FROM attachment');
  await atrium.sql('DELETE FROM project');
  const path = (await anna.browser.fill('/projects/new/', { name: 'Quay wall' })).location!;
  const id = path.split('/')[2]!;
  const query = `?record_type=project&record_id=${id}`;
  row = { path, form: `/attachments/on/project/${id}/`, query };
});

const SCOPES = [
  'attachments:read',
  'attachments:write',
  'projects:read',
  'projects:write',
] as Permission[];

/** Adds a file as a person does; without `field` it is what the form offers. */
async function add({ browser }: Person, name: string, field?: string): Promise<Sight> {
  await browser.visit(row.path);
  const file = { field: 'file', name, bytes: Buffer.from(name), type: 'text/plain' };
  return browser.upload(row.form, file, field === undefined ? {} : { field });
}

/** Adds a file as a client of the API does. */
const send = (name: string, field: string) =>
  client.upload('POST', `/attachments${row.query}&field=${field}`, 'file', Buffer.from(name), name);

const shownFiles = (sight: Sight) => sight.at('[aria-labelledby="attachments-title"]');

const offered = (sight: Sight) =>
  sight.document.querySelectorAll('[name="field"] option').map((each) => each.textContent);

/** Names of the files that are not deleted, by the field that they are. */
async function kept(): Promise<Record<string, string>> {
  const rows = await atrium.sql<{ field: string; name: string }>(
    "SELECT coalesce(field, 'none') AS field, name FROM attachment WHERE deleted_at IS NULL",
  );
  return Object.fromEntries(rows.map(({ field, name }) => [field, name]));
}

async function idOf(name: string): Promise<string> {
  const text = 'SELECT id FROM attachment WHERE name = $1';
  return (await atrium.sql<{ id: string }>(text, [name]))[0]!.id;
}

describe('a row whose feature declares files', () => {
  test('shows each of them, and the form offers the first that is not there', async () => {
    const blank = await bob.browser.visit(row.path);
    expect(shownFiles(blank)).toMatch(/Name None yet Description None yet/);
    expect(offered(blank)).toEqual(['Name', 'Description', 'Other file']);
    expect(blank.value('field')).toBe('plan');
    await add(bob, 'plan.pdf');
    expect((await bob.browser.visit(row.path)).value('field')).toBe('signed_copy');
    await add(bob, 'signed.pdf');
    const full = await bob.browser.visit(row.path);
    expect(full.value('field')).toBe('');
    await add(bob, 'photo.jpg');
    expect(shownFiles(await anna.browser.visit(row.path))).toMatch(
      /Name plan\.pdf .* Description signed\.pdf .* photo\.jpg/,
    );
    expect(await kept()).toEqual({
      plan: 'plan.pdf',
      signed_copy: 'signed.pdf',
      none: 'photo.jpg',
    });
  });

  test('has one file in a field: another takes its place, and the first is kept for 30 days', async () => {
    await add(bob, 'draft.pdf', 'plan');
    const replaced = await add(bob, 'final.pdf', 'plan');
    expect(replaced.location).toBe(row.path);
    const shown = await bob.browser.visit(row.path);
    expect(shown.at('[data-notices]')).toContain(
      '“final.pdf” has been added in place of “draft.pdf”.',
    );
    expect(shownFiles(shown)).toMatch(/Name final\.pdf/);
    expect(shownFiles(shown)).not.toContain('draft.pdf');
    const { response } = await anna.browser.visit(`/attachments/${await idOf('final.pdf')}/`);
    expect(response.body.toString()).toBe('final.pdf');
    const [draft] = await atrium.sql(
      'SELECT deleted_at, file_key FROM attachment WHERE name = $1',
      ['draft.pdf'],
    );
    expect(draft!.deleted_at).not.toBeNull();
    expect(await atrium.app.get(ObjectStorage).open(draft!.file_key as string)).not.toBeNull();
    expect(shown.at('[aria-labelledby="activity-title"]')).toContain(
      'Bob replaced a file of “Quay wall”',
    );
    const trail = await anna.browser.visit('/settings/activity/');
    expect(trail.at('main')).toMatch(/before: draft\.pdf.*after: final\.pdf/);
  });

  test('brings back a file that was replaced as soon as its place is free', async () => {
    await add(bob, 'draft.pdf', 'plan');
    await add(bob, 'final.pdf', 'plan');
    const [draft, final] = [await idOf('draft.pdf'), await idOf('final.pdf')];
    const sentence = 'Another file is in its place. Delete that one first.';
    const refused = await bob.browser.post(`/attachments/${draft}/restore/`);
    expect(refused.location).toBe(row.path);
    expect((await bob.browser.visit(row.path)).at('[data-notices]')).toContain(sentence);
    expect(await kept()).toEqual({ plan: 'final.pdf' });
    await bob.browser.post(`/attachments/${final}/delete/`);
    expect((await bob.browser.post(`/attachments/${draft}/restore/`)).status).toBe(303);
    expect(await kept()).toEqual({ plan: 'draft.pdf' });
  });

  test('gives the file before it back by one click, once, in one tab of two', async () => {
    await add(bob, 'draft.pdf', 'plan');
    await bob.browser.follow(await add(bob, 'final.pdf', 'plan'));
    const undo = `/attachments/${await idOf('draft.pdf')}/restore/`;
    const values = { in_place_of: await idOf('final.pdf') };
    expect((await bob.browser.submit(undo)).location).toBe(row.path);
    expect(await kept()).toEqual({ plan: 'draft.pdf' });
    const shown = await bob.browser.visit(row.path);
    expect(shown.at('[data-notices]')).toContain('“draft.pdf” has been restored.');
    const trail = await anna.browser.visit('/settings/activity/');
    expect(trail.at('main')).toMatch(/before: final\.pdf.*after: draft\.pdf/);
    expect((await bob.browser.post(undo, values)).status).toBe(303);
    expect(await kept()).toEqual({ plan: 'draft.pdf' });
  });

  test('keeps a file that somebody else has put in its place since', async () => {
    await add(bob, 'draft.pdf', 'plan');
    await add(bob, 'final.pdf', 'plan');
    const [draft, final] = [await idOf('draft.pdf'), await idOf('final.pdf')];
    await add(anna, 'better.pdf', 'plan');
    for (const inPlaceOf of [final, await idOf('better.pdf'), 'x'.repeat(99), "' OR 1=1 --"]) {
      await bob.browser.visit(row.path);
      const path = `/attachments/${draft}/restore/`;
      expect((await bob.browser.post(path, { in_place_of: inPlaceOf })).status).toBe(303);
      expect(await kept()).toEqual({ plan: 'better.pdf' });
    }
  });

  test('lets nobody replace what they may not delete', async () => {
    await add(anna, 'plan.pdf', 'plan');
    expect(offered(await bob.browser.visit(row.path))).toEqual(['Description', 'Other file']);
    const refused = await add(bob, 'mine.pdf', 'plan');
    const sentence = 'Only whoever added “plan.pdf” can replace it, and admins.';
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(sentence)]);
    const answer = await send('mine.pdf', 'plan');
    expect([answer.status, answer.body.errors]).toEqual([
      422,
      [{ pointer: '/field', detail: sentence }],
    ]);
    await add(bob, 'signed.pdf', 'signed_copy');
    expect((await add(anna, 'better.pdf', 'signed_copy')).status).toBe(303);
    expect(await kept()).toEqual({ plan: 'plan.pdf', signed_copy: 'better.pdf' });
  });

  test('has one file in a field, however many are sent at once', async () => {
    const sending = ['1.txt', '2.txt', '3.txt', '4.txt'].map((name) => send(name, 'plan'));
    const answers = await Promise.all(sending);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(Object.keys(await kept())).toEqual(['plan']);
    expect(await atrium.sql('SELECT FROM attachment WHERE deleted_at IS NULL')).toHaveLength(1);
    const second = atrium.sql(
      `INSERT INTO attachment (tenant_id, subject, subject_id, key_name, name, size_bytes, file_key, field)
        SELECT tenant_id, subject, subject_id, 'x', 'x', 1, 'x', field FROM attachment
        WHERE deleted_at IS NULL`,
    );
    await expect(second).rejects.toThrow(/uq_attachment_field/);
  });

  test('with twenty files takes one in place of another, and no more', async () => {
    await send('plan.pdf', 'plan');
    for (let count = 1; count < 20; count++) await send(`${count}.txt`, '');
    const full = await anna.browser.visit(row.path);
    expect(offered(full)).toEqual(['Name']);
    expect((await send('signed.pdf', 'signed_copy')).status).toBe(422);
    expect((await send('final.pdf', 'plan')).status).toBe(201);
    expect(await atrium.sql('SELECT FROM attachment WHERE deleted_at IS NULL')).toHaveLength(20);
  });

  test('keeps what was chosen when the file is refused', async () => {
    await bob.browser.visit(row.path);
    const refused = await bob.browser.submit(row.form, { field: 'signed_copy' });
    expect([refused.status, refused.errorOf('file')]).toEqual([
      422,
      expect.stringContaining('Fill in this field.'),
    ]);
    expect(refused.value('field')).toBe('signed_copy');
  });

  test('costs its page one statement for all files', async () => {
    await add(anna, 'plan.pdf');
    const counter = new RoundTrips();
    counter.begin(atrium.server);
    const trips = await counter.of(() => anna.browser.visit(row.path));
    counter.end();
    expect(trips.flat().filter((text) => /\battachment\b/.test(text))).toHaveLength(1);
  });
});

describe('a client of the API', () => {
  test('says which field a file is, reads it, and is told where there is none', async () => {
    const made = await send('plan.pdf', 'plan');
    expect([made.status, made.body.field]).toEqual([201, 'plan']);
    await send('photo.jpg', '');
    const { body } = await client.get(`/attachments${row.query}`);
    expect(
      body.items.map(({ field, name }: { field: string; name: string }) => [field, name]),
    ).toEqual([
      ['plan', 'plan.pdf'],
      [null, 'photo.jpg'],
    ]);
    expect((await client.get(`/attachments/${made.body.id}`)).body.field).toBe('plan');
    for (const unknown of ['planet', 'constructor', 'x'.repeat(300)]) {
      const refused = await send('plan.pdf', unknown);
      expect([refused.status, refused.body.errors]).toEqual([
        422,
        [{ pointer: '/field', detail: expect.any(String) }],
      ]);
    }
  });

  test('finds the fields of each kind of row in the document', async () => {
    const { body } = await client.get('/api/openapi.json');
    const { post } = body.paths['/api/v1/attachments'];
    expect(post.description).toContain(
      '`project` (`projects:read`, fields: `plan`, `signed_copy`)',
    );
    expect(post.parameters.map(({ name }: { name: string }) => name)).toContain('field');
  });
});

test('a declaration that cannot be is told at start, with what to write', () => {
  const module = class {};
  const of = (subject: object): FeatureDeclaration => ({
    name: 'quotes',
    module,
    subjects: { quote: { href: '/quotes/', title: 'name', has: [], ...subject } },
  });
  const label = 'back-office.fields.name';
  expect(
    fileFieldProblems([
      of({ files: { plan: label } }),
      of({ has: ['attachments'], files: { Plan: label, signed_copy: label } }),
      of({}),
    ]),
  ).toEqual([
    "src/quotes/quotes.feature.ts: subjects.quote names its files: write has: ['attachments']",
    'src/quotes/quotes.feature.ts: subjects.quote.files["Plan"] is not named in lower case: write signed_copy',
  ]);
});

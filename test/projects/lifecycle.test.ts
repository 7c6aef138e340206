import { permissionsOf } from '../../src/core/features/registry.js';
import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { refused, sent, title, typed } from './projects.samples.js';

let atrium: TestApp;
let anna: Person;
let client: ApiClient;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  const key = await atrium.people.keyOf('Acme', ['projects:read', 'projects:write']);
  client = atrium.api().showing(key);
});
afterAll(() => atrium.stop());
afterEach(() => atrium.sql('DELETE FROM project'));

/** Adds a project through its form and returns its path. */
async function added(name: string): Promise<string> {
  const answer = await anna.browser.fill('/projects/new/', typed(name));
  expect([answer.status, answer.at('[role="alert"]')]).toEqual([303, '']);
  return answer.location!;
}

test('what a member enters is kept, listed and found', async () => {
  const values = typed('Roof');
  const { location: path } = await anna.browser.fill('/projects/new/', values);
  const shown = await anna.browser.visit(path!);
  expect(shown.at('[data-notices]')).toContain('The project has been added.');
  expect(shown.at('h1')).toBe('Roof');
  const form = await anna.browser.visit(`${path}edit/`);
  expect(form.form(`${path}edit/`)).toMatchObject(values);
  expect((await anna.browser.visit('/projects/?q=ROO')).at('tbody th')).toBe('Roof');
  expect((await anna.browser.visit('/projects/?q=nothing')).at('main')).toContain('Nothing found');
});

test('every wrong value is told at its field, and nothing typed is lost', async () => {
  for (const [field, value] of Object.entries(refused)) {
    const values = { ...typed('Roof'), [field]: value };
    const answer = await anna.browser.fill('/projects/new/', values);
    expect([field, answer.status]).toEqual([field, 422]);
    expect(answer.at(`#${field}-error`)).not.toBe('');
    const { [field]: _, ...others } = values;
    expect(answer.form('/projects/new/')).toMatchObject(others);
  }
  expect(await atrium.sql('SELECT 1 FROM project')).toEqual([]);
});

test('of two tabs the second is refused as outdated and keeps the typed values', async () => {
  const path = await added('Roof');
  const second = (await atrium.people.signedIn('anna@acme.test')).browser;
  const form = `${path}edit/`;
  await second.visit(form);
  await anna.browser.fill(form, { [title]: 'Roof of the barn' });
  const answer = await second.submit(form, { [title]: 'Roof of the house' });
  expect(answer.status).toBe(422);
  expect(answer.at('[aria-labelledby="saved-title"]')).toContain('Roof of the barn');
  expect(answer.value(title)).toBe('Roof of the house');
  expect((await second.submit(form)).status).toBe(303);
  expect((await anna.browser.visit(path)).at('h1')).toBe('Roof of the house');
});

test('a deleted project is found among the deleted, and one click brings it back', async () => {
  const path = await added('Roof');
  await anna.browser.visit(path);
  await anna.browser.submit(`${path}delete/`);
  expect((await anna.browser.visit(path)).status).toBe(404);
  expect((await anna.browser.visit('/projects/')).at('main')).toContain('No projects yet');
  expect((await anna.browser.visit('/projects/?status=deleted')).at('tbody th')).toContain('Roof');
  await anna.browser.submit(`${path}restore/`);
  expect((await anna.browser.visit(path)).at('h1')).toBe('Roof');
});

test('the API answers what it was sent, creates once, and refuses an outdated change', async () => {
  const body = sent('Roof');
  const once = { 'idempotency-key': 'roof' };
  const made = await client.post('/projects', body, once);
  expect([made.status, made.body]).toMatchObject([201, body]);
  expect((await client.post('/projects', body, once)).body.id).toBe(made.body.id);
  const { body: list } = await client.get('/projects');
  expect(list.items.map(({ id }: { id: string }) => id)).toEqual([made.body.id]);

  const path = `/projects/${made.body.id}`;
  const tag = { 'if-match': (await client.get(path)).get('etag')! };
  const change = () => client.send('PATCH', path, { [title]: 'Quay' }, tag);
  expect([(await change()).status, (await change()).status]).toEqual([200, 412]);
  expect((await client.get(path)).body).toMatchObject({ ...body, [title]: 'Quay' });

  const wrong = Object.fromEntries(Object.keys(body).map((name) => [name, { no: 'value' }]));
  const answer = await client.post('/projects', { ...wrong, unknown: 1 });
  const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(pointers.sort()).toEqual(
    [...Object.keys(body), 'unknown'].map((name) => `/${name}`).sort(),
  );
});

test('what happened is on its page and in the activity, and staff find it in the back office', async () => {
  const path = await added('Roof');
  const saved = await anna.browser.fill(`${path}edit/`, { [title]: 'Green roof' });
  expect(saved.status).toBe(303);
  const activity = (await anna.browser.visit(path)).at('[aria-labelledby="activity-title"]');
  expect(activity).toMatch(/Anna changed the project “Green roof”.*Anna added the project “Roof”/);
  expect((await anna.browser.visit('/settings/activity/')).text).toContain(
    'Anna changed the project “Green roof”',
  );
  const staff = await atrium.people.staff('sam@atrium.test');
  const list = await staff.browser.visit('/admin/projects/?q=green');
  expect(list.at('tbody th')).toContain('Green roof');
  const record = list.document.querySelector('tbody th a')!.getAttribute('href')!;
  expect((await staff.browser.visit(record)).at('h1')).toContain('Green roof');
});

test('people talk about it and add files on its page', async () => {
  const path = await added('Roof');
  await anna.browser.visit(path);
  const said = { text: 'Who orders the tiles?' };
  await anna.browser.submit(`/comments/on/project/${path.split('/')[2]}/`, said);
  const shown = await anna.browser.visit(path);
  expect(shown.at('[aria-labelledby="comments-title"]')).toMatch(/Anna.*Who orders the tiles\?/);
  const file = { field: 'file', name: 'quote.pdf', bytes: Buffer.from('Tiles'), type: '' };
  await anna.browser.upload(`/attachments/on/project/${path.split('/')[2]}/`, file);
  const files = (await anna.browser.visit(path)).at('[aria-labelledby="attachments-title"]');
  expect(files).toContain('quote.pdf');
});

test('what people type is shown as text, never run', async () => {
  const evil = '"><script>alert(1)</script>{{7}}';
  const path = await added(evil);
  for (const page of [await anna.browser.visit('/projects/'), await anna.browser.visit(path)]) {
    expect(page.response.text).toContain('&lt;script&gt;alert(1)');
    expect(page.response.text).not.toContain('<script>alert');
  }
});

test('a member does what the permissions of members say, and is offered nothing else', async () => {
  const path = await added('Roof');
  const { browser } = await atrium.people.memberOf('Acme', 'bob@acme.test');
  const mayWrite = permissionsOf('member').includes('projects:write');
  const shown = await browser.visit(path);
  expect(shown.at('main')).toContain('Roof');
  const forms = shown.document.querySelectorAll(`form[action^="${path}"]`);
  expect(forms.length > 0).toBe(mayWrite);
  const links = (await browser.visit('/projects/')).document.querySelectorAll(
    'a[href="/projects/new/"]',
  );
  expect(links.length > 0).toBe(mayWrite);
  const answer = await browser.post(`${path}delete/`);
  expect(answer.status).toBe(mayWrite ? 303 : 403);
});

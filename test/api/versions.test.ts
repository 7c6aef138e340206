import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
let ann: ApiClient;
let bob: ApiClient;

beforeAll(async () => {
  atrium = await startApp();
  await atrium.people.adminOf('Acme', 'ann@acme.example');
  await atrium.people.memberOf('Acme', 'bob@acme.example');
  ann = await atrium.api().login('ann@acme.example', PASSWORD);
  bob = await atrium.api().login('bob@acme.example', PASSWORD);
});
afterAll(() => atrium.stop());

const tagOf = async (client: ApiClient, path: string) => (await client.get(path)).get('etag')!;

function change(client: ApiClient, path: string, body: object, tag: string) {
  return client.send('PATCH', path, body, { 'if-match': tag });
}

async function pathOfBob(): Promise<string> {
  const { id } = (await ann.get('/members?q=bob')).body.items[0];
  return `/members/${id}`;
}

test('a tag begins with the version of what can be changed, which each change counts up', async () => {
  const { id } = (await ann.post('/projects', { name: 'Bridge' })).body;
  for (const [path, body] of [
    [`/projects/${id}`, { name: 'Quay' }],
    ['/tenant', { organization: 'Acme Ltd' }],
    ['/me', { display_name: 'Ann C.' }],
    [await pathOfBob(), { role: 'admin' }],
  ] as const) {
    const tag = await tagOf(ann, path);
    const version = Number(/^"(\d+)-[\w-]{27}"$/.exec(tag)?.[1]);
    const changed = await change(ann, path, body, tag);
    expect([path, changed.status]).toEqual([path, 200]);
    expect([path, changed.get('etag')]).toEqual([path, await tagOf(ann, path)]);
    expect(changed.get('etag')).toMatch(new RegExp(`^"${version + 1}-`));
    const late = await change(ann, path, body, tag);
    expect([path, late.status, late.body.title]).toEqual([path, 412, 'Changed in the meantime']);
  }
  await change(ann, await pathOfBob(), { role: 'member' }, '*');
});

test('of two changes of a member at once from the same state, one is made', async () => {
  const path = await pathOfBob();
  const tag = await tagOf(ann, path);
  const answers = await Promise.all([
    change(ann, path, { role: 'admin' }, tag),
    change(ann, path, { is_active: false }, tag),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  await change(ann, path, { is_active: true, role: 'member' }, '*');
});

test('an admin who decides on a member from before the member changed the profile is told', async () => {
  bob = await atrium.api().login('bob@acme.example', PASSWORD);
  const path = await pathOfBob();
  const tag = await tagOf(ann, path);
  expect((await bob.send('PATCH', '/me', { display_name: 'Robert' })).status).toBe(200);
  expect((await change(ann, path, { role: 'admin' }, tag)).status).toBe(412);
  expect((await ann.get(path)).body.role).toBe('member');
});

test('a deletion is held to the version too', async () => {
  const { id } = (await ann.post('/projects', { name: 'Pier' })).body;
  const path = `/projects/${id}`;
  const tag = await tagOf(ann, path);
  await change(ann, path, { name: 'Pier 2' }, tag);
  const remove = (match: string) => ann.send('DELETE', path, undefined, { 'if-match': match });
  expect((await remove(tag)).status).toBe(412);
  expect((await remove(await tagOf(ann, path))).status).toBe(204);
});

test('of several tags one has to be that of the present version; weak ones and those of before are none', async () => {
  const tag = await tagOf(ann, '/tenant');
  const weak = `W/${tag}`;
  const before = '"AbCdEfGhIjKlMnOpQrStUvWxYz0"';
  for (const match of [weak, before, 'nonsense', '']) {
    const answer = await change(ann, '/tenant', { language: null }, match);
    expect([match, answer.status]).toEqual([match, 412]);
  }
  for (const match of [`${before}, ${tag}`, '*']) {
    const answer = await change(ann, '/tenant', { language: null }, match);
    expect([match, answer.status]).toEqual([match, 200]);
  }
});

test('what else an answer is made of makes another tag, so that nobody keeps what is old', async () => {
  const before = await tagOf(bob, '/me');
  expect((await bob.get('/me', { 'if-none-match': before })).status).toBe(304);
  await ann.send('PATCH', '/tenant', { organization: 'Acme Group' });
  const again = await bob.get('/me', { 'if-none-match': before });
  expect([again.status, again.body.tenant.organization]).toEqual([200, 'Acme Group']);
});

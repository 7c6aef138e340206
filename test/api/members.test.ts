import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
let ann: ApiClient;
beforeAll(async () => {
  atrium = await startApp();
  await atrium.people.adminOf('Acme', 'ann@acme.example');
  for (const name of ['bea', 'cas', 'dirk', 'els']) {
    await atrium.people.memberOf('Acme', `${name}@acme.example`);
  }
  await atrium.people.adminOf('Globex', 'zoe@globex.example');
  ann = await atrium.api().login('ann@acme.example', PASSWORD);
});
afterAll(() => atrium.stop());

const emails = ({ body }: { body: { items: Array<{ email: string }> } }) =>
  body.items.map(({ email }) => email.split('@')[0]);

test('the members come by name, page by page, each once, and none of another organisation', async () => {
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await ann.get(`/members?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...(emails(page) as string[]));
    cursor = page.body.next_cursor;
  } while (cursor);
  expect(seen).toEqual(['ann', 'bea', 'cas', 'dirk', 'els']);
});

test('they are found by name, role and access', async () => {
  expect(emails(await ann.get('/members?q=dir'))).toEqual(['dirk']);
  expect(emails(await ann.get('/members?role=admin'))).toEqual(['ann']);
  expect(emails(await ann.get('/members?active=false'))).toEqual([]);
  for (const query of ['role=owner', 'active=1', 'limit=101', 'cursor=x']) {
    expect([query, (await ann.get(`/members?${query}`)).status]).toEqual([query, 422]);
  }
});

test('an admin promotes, deactivates and re-engages; who is deactivated is out at once', async () => {
  const bea = await atrium.api().login('bea@acme.example', PASSWORD);
  const [{ id }] = (await ann.get('/members?q=bea')).body.items;
  const change = (body: object) => ann.send('PATCH', `/members/${id}`, body);
  expect((await change({ role: 'admin' })).body).toMatchObject({ role: 'admin', is_active: true });
  expect((await bea.get('/members')).status).toBe(200);
  expect((await change({ is_active: false })).body).toMatchObject({
    role: 'member',
    is_active: false,
    state: 'inactive',
  });
  expect((await bea.get('/me')).status).toBe(401);
  expect((await change({ is_active: false })).status).toBe(200);
  const back = await change({ is_active: true, role: 'admin' });
  expect(back.body).toMatchObject({ role: 'admin', is_active: true });
});

test('nobody ends their own access, and members change nobody', async () => {
  const [{ id }] = (await ann.get('/members?q=ann')).body.items;
  expect((await ann.send('PATCH', `/members/${id}`, { is_active: false })).status).toBe(409);
  expect((await ann.send('PATCH', `/members/${id}`, { role: 'member' })).status).toBe(409);
  const cas = await atrium.api().login('cas@acme.example', PASSWORD);
  expect((await cas.send('PATCH', `/members/${id}`, { role: 'member' })).status).toBe(403);
  expect((await cas.get('/members')).status).toBe(403);
});

test('what may be invited is invited, and an address that belongs somewhere is not', async () => {
  const sent = await ann.post('/invitations', { email: 'Fleur@Acme.example' });
  expect(sent.body).toMatchObject({
    email: 'fleur@acme.example',
    role: 'member',
    state: 'pending',
  });
  const twice = await ann.post('/invitations', { email: 'fleur@acme.example' });
  expect([twice.status, twice.body.errors[0].pointer]).toEqual([409, '/email']);
  expect((await ann.post('/invitations', { email: 'zoe@globex.example' })).status).toBe(409);
  const { items } = (await ann.get('/invitations')).body;
  expect(items.map(({ email }: { email: string }) => email)).toEqual(['fleur@acme.example']);
});

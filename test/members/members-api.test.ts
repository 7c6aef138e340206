import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD } from '../support/people.js';
import { quarters } from '../support/pictures.js';

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

const tokenFor = async (email: string) =>
  linkIn(await atrium.mails.expect(email, /invite\/accept/))
    .split('/')
    .filter(Boolean)
    .at(-1);

test('whoever is signed in accepts their own invitation, and nobody else’s', async () => {
  const email = 'gus@acme.example';
  await ann.post('/invitations', { email, role: 'admin' });
  await atrium.people.newcomer(email);
  const body = { token: await tokenFor(email) };
  const zoe = await atrium.api().login('zoe@globex.example', PASSWORD);
  expect((await zoe.post('/invitations/accept', body)).status).toBe(409);
  const unknown = await atrium.api().post('/invitations/accept', body);
  expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([422, '/password']);
  const gus = await atrium.api().login(email, PASSWORD);
  const joined = await gus.post('/invitations/accept', body);
  expect(joined.status).toBe(200);
  gus.tokens = joined.body;
  expect((await gus.get('/me')).body).toMatchObject({
    role: 'admin',
    tenant: { organization: 'Acme' },
  });
  expect((await gus.post('/invitations/accept', body)).status).toBe(410);
});

test('a logo is given as the picture itself or in a form, and only a picture is taken', async () => {
  const png = await quarters(40, 30).png().toBuffer();
  const put = (body: unknown, type: string) =>
    ann.send('PUT', '/tenant/logo', body, { 'content-type': type });
  const first = await put(png, 'image/png');
  expect([first.status, first.body.logo_url]).toEqual([200, expect.stringMatching(/^\/media\//)]);
  const second = await ann.upload('PUT', '/tenant/logo', 'logo', png);
  expect(second.body.logo_url).not.toBe(first.body.logo_url);
  expect((await ann.get('/me')).body.tenant.logo_url).toBe(second.body.logo_url);
  expect((await put(Buffer.from('<svg/>'), 'image/svg+xml')).status).toBe(422);
  expect((await put(Buffer.alloc(2 * 1024 * 1024 + 1), 'image/png')).status).toBe(413);
  expect((await put(png, 'application/octet-stream')).status).toBe(415);
  expect((await ann.send('PUT', '/tenant/logo')).status).toBe(422);
  expect((await ann.send('DELETE', '/tenant/logo')).status).toBe(204);
  expect((await ann.get('/tenant')).body.logo_url).toBeNull();
});

test('a cursor nobody gave out is refused', async () => {
  for (const path of ['/members', '/invitations', '/projects']) {
    for (const cursor of ['AA', 'QQ', '!', 'eA', 'W10']) {
      const { status } = await ann.get(`${path}?cursor=${cursor}`);
      // Any address may be one that invitations are continued after.
      const expected = path === '/invitations' && /^(QQ|eA|W10)$/.test(cursor) ? 200 : 422;
      expect([path, cursor, status]).toEqual([path, cursor, expected]);
    }
  }
});

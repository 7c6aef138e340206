import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let count = 0;
const address = () => `person${++count}@globex.example`;

async function clientOf(role: 'admin' | 'member', organization = 'Globex') {
  const email = address();
  await atrium.people.memberOf(organization, email, role);
  return atrium.api().login(email, PASSWORD);
}

test('a client completes registration and onboarding', async () => {
  const client = atrium.api();
  const email = 'anna.peeters@my-company.example';
  client.tokens = (await client.post('/auth/register', { email, password: PASSWORD })).body;

  const early = await client.get('/tenant');
  expect(early.status).toBe(403);
  expect(early.body).toMatchObject({
    type: 'http://atrium.test/problems/onboarding-required',
    next_step: 'profile',
    status: 403,
  });

  const details = { display_name: ' Anna  P. ', timezone: 'Europe/Brussels', country: 'BE' };
  const completed = await client.send('PUT', '/onboarding/profile', details);
  expect(completed.status).toBe(200);
  expect(completed.body).toMatchObject({
    timezone: 'Europe/Brussels',
    country: 'BE',
    onboarding: { next_step: 'tenant' },
  });

  const created = await client.post('/onboarding/tenant', { organization: 'My Company' });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    role: 'admin',
    tenant: { id: expect.any(String), organization: 'My Company', logo_url: null },
    onboarding: { next_step: null },
  });
  expect((await client.get('/tenant')).body).toEqual({
    ...created.body.tenant,
    currency: null,
    timezone: null,
    language: null,
  });
  const again = await client.post('/onboarding/tenant', { organization: 'Another' });
  expect(again.status).toBe(409);
});

test('eight concurrent requests create one organisation', async () => {
  const email = address();
  await atrium.people.newcomer(email);
  const client = await atrium.api().login(email, PASSWORD);
  await client.send('PUT', '/onboarding/profile', {});
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => client.post('/onboarding/tenant', { organization: 'Eight' })),
  );
  expect(answers.filter(({ status }) => ![201, 409].includes(status))).toEqual([]);
  const [made] = await atrium.sql<{ count: number }>(
    `SELECT count(*)::int FROM tenant WHERE organization = 'Eight'`,
  );
  expect(made!.count).toBe(1);
});

test('a person changes their own profile; absent properties stay unchanged', async () => {
  const client = await clientOf('member');
  const first = { display_name: 'Peter', timezone: 'Europe/Brussels', theme: 'night' };
  expect((await client.send('PATCH', '/me', first)).status).toBe(200);
  const changed = await client.send('PATCH', '/me', { marketing_emails: true, timezone: null });
  expect(changed.body).toMatchObject({
    display_name: 'Peter',
    timezone: null,
    theme: 'night',
    marketing_emails: true,
  });
  expect((await client.send('PATCH', '/me', {})).body).toEqual(changed.body);
});

test('the language of the profile takes precedence over the request’s', async () => {
  const client = await clientOf('member');
  client.with('accept-language', 'fr');
  expect((await client.send('DELETE', '/me')).body.title).toBe('Méthode non autorisée');
  const changed = await client.send('PATCH', '/me', { language: 'nl' });
  expect(changed.body.language).toBe('nl');
  const refused = await client.send('PATCH', '/me', { theme: 'pink' });
  expect(refused.body.errors).toEqual([
    { pointer: '/theme', detail: 'Kies een van de mogelijkheden.' },
  ]);
  expect((await client.send('PATCH', '/me', { language: null })).body.language).toBeNull();
});

test.each([
  [{ marketing_emails: 'true' }, '/marketing_emails'],
  [{ marketing_emails: 1 }, '/marketing_emails'],
  [{ theme: null }, '/theme'],
  [{ theme: ['night'] }, '/theme'],
  [{ language: 'de' }, '/language'],
  [{ timezone: 'Europe/Nowhere' }, '/timezone'],
  [{ country: 'ZZ' }, '/country'],
  [{ display_name: 'x'.repeat(101) }, '/display_name'],
  [{ display_name: 5 }, '/display_name'],
  [{ email: 'other@globex.example' }, '/email'],
  [{ role: 'admin' }, '/role'],
  [{ tenant_id: 'x' }, '/tenant_id'],
])('a change of the profile to %j is refused', async (body, pointer) => {
  const client = await clientOf('member');
  const answer = await client.send('PATCH', '/me', body);
  expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
});

test('a new password ends every other session, and the wrong one changes nothing', async () => {
  const email = address();
  await atrium.people.memberOf('Globex', email);
  const client = await atrium.api().login(email, PASSWORD);
  const other = await atrium.api().login(email, PASSWORD);
  const wrong = { current_password: 'wrong', new_password: 'another lantern orbit' };
  const refused = await client.send('PUT', '/me/password', wrong);
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/current_password']);
  const right = { ...wrong, current_password: PASSWORD };
  expect((await client.send('PUT', '/me/password', right)).status).toBe(204);
  expect((await client.get('/me')).status).toBe(200);
  expect((await other.get('/me')).status).toBe(401);
});

test('a person lists and ends their own sessions, and nobody else’s', async () => {
  const email = address();
  const { browser } = await atrium.people.memberOf('Globex', email);
  const client = await atrium.api().login(email, PASSWORD);
  const { body } = await client.get('/me/sessions');
  expect(body.next_cursor).toBeNull();
  expect(body.items.map(({ kind, current }: Record<string, unknown>) => [kind, current])).toEqual(
    expect.arrayContaining([
      ['api', true],
      ['desktop', false],
    ]),
  );
  const { id } = body.items.find(({ current }: { current: boolean }) => !current);
  const stranger = await clientOf('admin', 'Acme');
  expect((await stranger.send('DELETE', `/me/sessions/${id}`)).status).toBe(404);
  expect((await browser.visit('/dashboard/')).status).toBe(200);
  expect((await client.send('DELETE', `/me/sessions/${id}`)).status).toBe(204);
  expect((await browser.visit('/dashboard/')).location).toMatch(/^\/login\//);
  for (const wrong of [id, 'x', '%00', "'"]) {
    expect((await client.send('DELETE', `/me/sessions/${wrong}`)).status).toBe(404);
  }
});

test('only an admin renames the organisation, and only their own', async () => {
  const admin = await clientOf('admin');
  const member = await clientOf('member');
  const stranger = await clientOf('admin', 'Acme');
  const renamed = await admin.send('PATCH', '/tenant', { organization: ' Globex NV ' });
  expect([renamed.status, renamed.body.organization]).toEqual([200, 'Globex NV']);
  expect((await member.get('/tenant')).body.organization).toBe('Globex NV');
  expect((await stranger.get('/tenant')).body.organization).toBe('Acme');
  const refused = await member.send('PATCH', '/tenant', { organization: 'Mine' });
  expect([refused.status, refused.get('content-type')]).toEqual([
    403,
    'application/problem+json; charset=utf-8',
  ]);
  for (const organization of ['', '  ', null, 5, 'x'.repeat(201)]) {
    expect((await admin.send('PATCH', '/tenant', { organization })).status).toBe(422);
  }
});

test('a person without access to their organisation gets a 403 that says so', async () => {
  const email = address();
  const { profileId } = await atrium.people.memberOf('Globex', email);
  const client = await atrium.api().login(email, PASSWORD);
  await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [profileId]);
  const answer = await client.get('/tenant');
  expect([answer.status, answer.body.type]).toEqual([
    403,
    'http://atrium.test/problems/access-revoked',
  ]);
  expect((await client.get('/me')).body.onboarding.next_step).toBe('revoked');
});

test('every route of one’s own account requires a token', async () => {
  for (const path of ['/me', '/me/sessions', '/tenant']) {
    const answer = await atrium.api().get(path);
    expect([path, answer.status, answer.get('www-authenticate')]).toEqual([
      path,
      401,
      'Bearer realm="api"',
    ]);
  }
});

test.each(['countries', 'languages', 'timezones', 'currencies'])(
  'all %s are read page by page, each once',
  async (kind) => {
    const all = (await atrium.api().get(`/reference/${kind}?limit=10000`)).body;
    expect(all.next_cursor).toBeNull();
    expect(all.items.length).toBeGreaterThan(100);
    const read: unknown[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await atrium.api().get(`/reference/${kind}?limit=1000${next}`);
      read.push(...body.items);
      cursor = body.next_cursor;
    } while (cursor !== null);
    expect(read).toEqual(all.items);
    expect((await atrium.api().get(`/reference/${kind}`)).body.items.length).toBe(50);
  },
);

test('reference data is named in the language asked for, and of one country when asked', async () => {
  const client = atrium.api().with('accept-language', 'fr-BE');
  const belgium = await client.get('/reference/countries?country=be');
  expect(belgium.body.items).toEqual([
    { code: 'BE', code3: 'BEL', numeric: '056', name: 'Belgique' },
  ]);
  const languages = await client.get('/reference/languages?country=BE');
  expect(languages.body.items.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['allemand', 'français', 'néerlandais']),
  );
  const zones = await client.get('/reference/timezones?country=BE');
  expect(zones.body.items).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'Europe/Brussels', alias_of: null })]),
  );
  expect((await client.get('/reference/currencies?country=ZZ')).body.items).toEqual([]);
});

test('a client with current reference data gets 304', async () => {
  const first = await atrium.api().get('/reference/currencies');
  const etag = first.get('etag')!;
  expect(first.get('cache-control')).toBe('public, max-age=3600');
  const again = await atrium
    .api()
    .get('/reference/currencies', { 'if-none-match': `"x", W/${etag}` });
  expect([again.status, again.text, again.get('etag')]).toEqual([304, '', etag]);
  const dutch = await atrium
    .api()
    .get('/reference/currencies', { 'if-none-match': etag, 'accept-language': 'nl' });
  expect(dutch.status).toBe(200);
});

test.each([
  'limit=0',
  'limit=10001',
  'limit=-1',
  'limit=x',
  'limit=1e3',
  'cursor=%00',
  'cursor=!',
  'cursor=QQ',
])('a list asked for with %s is refused', async (query) => {
  const answer = await atrium.api().get(`/reference/countries?${query}`);
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, `/${query.split('=')[0]}`]);
});

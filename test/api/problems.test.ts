import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const login = (body: unknown, headers: Record<string, string> = {}) =>
  atrium.api().post('/auth/login', body, headers);

test('an invalid value is named by its JSON pointer, in the requested language', async () => {
  const answer = await login({ email: 'nobody', password: PASSWORD }, { 'accept-language': 'nl' });
  expect(answer.status).toBe(422);
  expect(answer.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toEqual({
    type: 'about:blank',
    title: 'De invoer kan niet aanvaard worden',
    status: 422,
    detail: 'Wat u stuurde, kan niet aanvaard worden: zie de fouten.',
    instance: '/api/v1/auth/login',
    errors: [{ pointer: '/email', detail: 'Vul een e-mailadres in, zoals naam@voorbeeld.be.' }],
  });
});

test('refusals of use cases name the value too', async () => {
  const email = 'taken@acme.example';
  await atrium.people.newcomer(email);
  const taken = await atrium.api().post('/auth/register', { email, password: PASSWORD });
  expect([taken.status, taken.body.errors[0].pointer]).toEqual([409, '/email']);
  const body = { email: 'new@acme.example', password: '12345678' };
  const weak = await atrium.api().post('/auth/register', body);
  expect([weak.status, weak.body.errors[0].pointer]).toEqual([422, '/password']);
});

test('undeclared properties are refused and change nothing', async () => {
  const body = { email: 'eve@acme.example', password: PASSWORD, is_staff: true, 'a/b~c': 1 };
  const refused = await atrium.api().post('/auth/register', body);
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '/is_staff',
    '/a~1b~0c',
  ]);
  expect(await atrium.sql(`SELECT 1 FROM users WHERE email = 'eve@acme.example'`)).toEqual([]);
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const raw = `{"email":"eve@acme.example","password":"${PASSWORD}","${name}":{"isStaff":true}}`;
    const answer = await login(raw, { 'content-type': 'application/json' });
    expect([name, answer.status]).toEqual([name, 422]);
  }
});

test('all errors of a body are reported at once, each once', async () => {
  const pointers = ({ body }: { body: { errors: Array<{ pointer: string }> } }) =>
    body.errors.map(({ pointer }) => pointer).sort();
  const registration = { email: 'nobody', password: 7, is_staff: true };
  expect(pointers(await atrium.api().post('/auth/register', registration))).toEqual([
    '/email',
    '/is_staff',
    '/password',
  ]);
  expect(pointers(await atrium.api().post('/auth/register', { is_staff: true }))).toEqual([
    '/email',
    '/is_staff',
    '/password',
  ]);
});

test.each([
  ['/reference/countries', 'limit=x&cursor=!&foo=1', ['/cursor', '/foo', '/limit']],
  ['/members', 'role=owner&active=1&cursor=x', ['/active', '/cursor', '/role']],
  ['/invitations', 'limit=0&cursor=!&q=a&Q=a', ['/Q', '/cursor', '/limit']],
])('all that is wrong with %s?%s is said at once', async (path, query, pointers) => {
  const key = await atrium.people.keyOf('Acme', ['members:read', 'invitations:read']);
  const answer = await atrium.api().showing(key).get(`${path}?${query}`);
  expect([answer.status, answer.body.title]).toEqual([422, 'The input cannot be accepted']);
  const found = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort();
  expect(found).toEqual(pointers);
});

test('a thousand unknown parameters get a short answer', async () => {
  const query = Array.from({ length: 900 }, (_, n) => `p${n}=`).join('&');
  const { status, body } = await atrium.api().get(`/reference/countries?limit=x&${query}`);
  expect([status, body.errors.length]).toEqual([422, 50]);
  expect(body.errors[0].pointer).toBe('/limit');
  expect(body.errors[1].detail).toBe('There is no such parameter here.');
});

test('a thousand unknown properties do not hide other errors', async () => {
  const odd = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`p${n}`, n]));
  const { body } = await login({ ...odd, email: 'nobody' });
  const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(pointers).toEqual(expect.arrayContaining(['/email', '/password', '/p0']));
  expect(pointers).toHaveLength(50);
});

test('values of another type are refused, never converted', async () => {
  const values: unknown[] = [
    1,
    true,
    null,
    [],
    {},
    ['a@b.example'],
    { $ne: null },
    { toString: 'x' },
  ];
  for (const value of values) {
    const answer = await login({ email: value, password: PASSWORD });
    expect([value, answer.status, answer.body.errors[0].pointer]).toEqual([value, 422, '/email']);
  }
});

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const json = { 'content-type': 'application/json' };

test.each<[string, string | Buffer, Record<string, string>, number]>([
  ['is no JSON', '{"email":', json, 400],
  ['is a text in JSON', '"email"', json, 400],
  ['is null', 'null', json, 400],
  ['is an array', '[]', json, 422],
  ['is a deep array', deep(500_000), json, 422],
  ['holds a deep value', `{"email":${deep(400_000)}}`, json, 422],
  ['holds a deep object', `{"email":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}}`, json, 422],
  [
    'has a thousand unknown properties',
    JSON.stringify(Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`p${n}`, n]))),
    json,
    422,
  ],
  ['is empty', '', json, 422],
  ['is larger than 1 MiB', JSON.stringify({ email: 'x'.repeat(1024 * 1024) }), json, 413],
  [
    'is a form',
    'email=a%40b.example&password=x',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
  ],
  ['is a multipart form', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
  ['is a text', '{}', { 'content-type': 'text/plain' }, 415],
  ['has an unknown charset', '{}', { 'content-type': 'application/json; charset=x-nothing' }, 415],
  ['has an unknown encoding', '{}', { ...json, 'content-encoding': 'x-nothing' }, 415],
  ['is not in the encoding it claims', '{}', { ...json, 'content-encoding': 'gzip' }, 400],
])('a body that %s is refused with a problem', async (_, body, headers, status) => {
  const answer = await atrium.api().send('POST', '/auth/login', body, headers);
  expect(answer.status).toBe(status);
  expect(answer.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toMatchObject({ status, instance: '/api/v1/auth/login' });
  expect(answer.text.length).toBeLessThan(20_000);
});

test('characters that PostgreSQL cannot store do not cause an error', async () => {
  for (const text of ['\0', 'a\0b', '\ud800', '\u{10ffff}', '\u202e', "'; --"]) {
    const wrong = await login({ email: 'a@b.example', password: text });
    expect([text, wrong.status]).toEqual([text, 401]);
    const address = await login({ email: `a${text}@b.example`, password: PASSWORD });
    expect(address.status).toBeLessThan(500);
    const refresh = await atrium.api().post('/auth/refresh', { refresh_token: text });
    expect([text, refresh.status]).toEqual([text, 401]);
    const confirm = { token: text, password: PASSWORD };
    const reset = await atrium.api().post('/auth/password-reset/confirm', confirm);
    expect([text, reset.status]).toEqual([text, 410]);
  }
});

test('unknown API paths answer a problem document, whatever is sent', async () => {
  for (const path of ['/api', '/api/', '/api/v1', '/nothing', '/me/nothing', '/%00', '/%E0%A4%A']) {
    for (const method of ['GET', 'POST', 'DELETE', 'PATCH']) {
      const answer = await atrium.api().send(method, path, method === 'GET' ? undefined : '{"a":');
      expect([path, method, answer.status]).toEqual([path, method, expect.any(Number)]);
      expect([400, 404]).toContain(answer.status);
      expect(answer.get('content-type')).toContain('application/problem+json');
    }
  }
});

test('an unknown method gets a 405 with the allowed ones', async () => {
  const answer = await atrium.api().send('DELETE', '/auth/login');
  expect([answer.status, answer.get('allow')]).toEqual([405, 'POST']);
  expect(answer.body).toMatchObject({ status: 405, title: 'Method not allowed' });
});

test('rate-limit headers state the remaining attempts, and Retry-After when to retry', async () => {
  const strict = await startApp({ RATE_LIMIT_MULTIPLIER: '1' });
  try {
    const body = { email: 'someone@acme.example', password: 'wrong password' };
    const first = await strict.api().post('/auth/login', body);
    expect([first.status, first.get('ratelimit-limit'), first.get('ratelimit-remaining')]).toEqual([
      401,
      '10',
      '9',
    ]);
    expect(Number(first.get('ratelimit-reset'))).toBeGreaterThan(0);
    for (let tries = 1; tries < 10; tries++) await strict.api().post('/auth/login', body);
    const refused = await strict.api().post('/auth/login', body);
    expect([refused.status, refused.get('ratelimit-remaining')]).toEqual([429, '0']);
    expect(Number(refused.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.body).toMatchObject({ status: 429, title: 'Too many requests' });
  } finally {
    await strict.stop();
  }
});

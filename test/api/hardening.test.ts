import bcrypt from 'bcrypt';
import pg from 'pg';
import request from 'supertest';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

const APP = 'https://app.acme.example';

let atrium: TestApp;
let closed: TestApp;
beforeAll(async () => {
  [atrium, closed] = [
    // No jobs: their statements would be counted with those of requests.
    await startApp({ ROLE: 'web', CORS_ORIGINS: `${APP}, https://b.example` }),
    await startApp({ ROLE: 'web' }),
  ];
  await atrium.people.adminOf('Acme', 'ann@acme.example');
});
afterAll(() => Promise.all([atrium.stop(), closed.stop()]));

const ask = (app: TestApp, method: 'get' | 'options', path: string, headers: Headers) =>
  (method === 'get' ? request(app.server).get(path) : request(app.server).options(path))
    .set(headers)
    .ok(() => true);
type Headers = Record<string, string>;

const PREFLIGHT = {
  'access-control-request-method': 'PATCH',
  'access-control-request-headers': 'authorization, if-match',
};

test('a script of a named origin may use the API, without credentials', async () => {
  const asked = await ask(atrium, 'options', '/api/v1/me', { origin: APP, ...PREFLIGHT });
  expect(asked.status).toBe(204);
  expect(asked.get('access-control-allow-origin')).toBe(APP);
  expect(asked.get('access-control-allow-methods')).toContain('PATCH');
  expect(asked.get('access-control-allow-headers')).toMatch(/Authorization.*If-Match/);
  expect(asked.get('access-control-allow-credentials')).toBeUndefined();
  expect(asked.get('vary')).toContain('Origin');

  const answer = await ask(atrium, 'get', '/api/v1/reference/countries?limit=1', { origin: APP });
  expect([answer.status, answer.get('access-control-allow-origin')]).toEqual([200, APP]);
  expect(answer.get('access-control-expose-headers')).toMatch(/ETag.*RateLimit-Remaining/);
  expect(answer.get('vary')).toMatch(/Origin.*Accept-Language/);
  const refused = await ask(atrium, 'get', '/api/v1/me', { origin: APP });
  expect([refused.status, refused.get('access-control-allow-origin')]).toEqual([401, APP]);
});

test.each([
  'https://evil.example',
  'http://app.acme.example',
  'https://app.acme.example.evil.example',
  'https://app.acme.example:8443',
  'HTTPS://APP.ACME.EXAMPLE',
  'null',
])('a script of %s may not, and a cache keeps the answers apart', async (origin) => {
  const asked = await ask(atrium, 'options', '/api/v1/me', { origin, ...PREFLIGHT });
  const answer = await ask(atrium, 'get', '/api/v1/me', { origin });
  for (const each of [asked, answer]) {
    expect(each.get('access-control-allow-origin')).toBeUndefined();
    expect(each.get('vary')).toContain('Origin');
  }
});

test('without origins the API says nothing to scripts of other sites, and pages never do', async () => {
  for (const [app, path] of [
    [closed, '/api/v1/me'],
    [atrium, '/login/'],
    [atrium, '/health/'],
  ] as const) {
    for (const method of ['get', 'options'] as const) {
      const answer = await ask(app, method, path, { origin: APP, ...PREFLIGHT });
      expect([path, answer.get('access-control-allow-origin')]).toEqual([path, undefined]);
    }
  }
});

test('an unknown address takes the same hashing and statements as a wrong password', async () => {
  const cost = async (email: string) => {
    const spent: string[] = [];
    const { compare } = bcrypt;
    const { query } = pg.Client.prototype;
    bcrypt.compare = (async (text: string, hash: string) => {
      spent.push(`bcrypt ${bcrypt.getRounds(hash)}`);
      return compare(text, hash);
    }) as typeof compare;
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      const [first] = args as [string | { text?: string }];
      const text = typeof first === 'string' ? first : first.text;
      // The worker asks for jobs meanwhile.
      if (text && !text.includes('pgboss')) spent.push(text.replace(/\s+/g, ' ').trim());
      return Reflect.apply(query, this, args) as never;
    };
    try {
      const answer = await closed
        .api()
        .post('/auth/login', { email, password: 'not the password' });
      expect(answer.status).toBe(401);
    } finally {
      bcrypt.compare = compare;
      pg.Client.prototype.query = query;
    }
    return spent;
  };
  await closed.people.newcomer('known@acme.example');
  await cost('nobody@acme.example');
  const unknown = await cost('nobody@acme.example');
  expect(unknown).toEqual(await cost('known@acme.example'));
  expect(unknown.filter((each) => each.startsWith('bcrypt'))).toEqual(['bcrypt 4']);
});

test('accepting an invitation counts wrong passwords', async () => {
  const strict = await startApp({ RATE_LIMIT_MULTIPLIER: '0.3' });
  try {
    const body = { token: 'x'.repeat(43), password: PASSWORD };
    const tries = async (headers: Headers = {}) =>
      (await strict.api().post('/invitations/accept', body, headers)).status;
    expect([await tries(), await tries({ 'idempotency-key': 'a' }), await tries()]).toEqual([
      410, 410, 410,
    ]);
    expect([await tries(), await tries({ 'idempotency-key': 'b' })]).toEqual([429, 429]);
  } finally {
    await strict.stop();
  }
});

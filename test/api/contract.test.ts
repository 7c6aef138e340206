import type { Response } from 'supertest';
import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { Contract, type Route } from '../support/contract.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
let strict: TestApp;
let contract: Contract;
let routes: Route[];

beforeAll(async () => {
  [atrium, strict] = [await startApp(), await startApp({ RATE_LIMIT_MULTIPLIER: '0.01' })];
  contract = await Contract.of(atrium);
  ({ routes } = contract);
});
afterAll(() => Promise.all([atrium.stop(), strict.stop()]));

async function ask(
  client: ApiClient,
  operationId: string,
  body?: unknown,
  at: { id?: string; query?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const route = contract.route(operationId);
  const path = route.path.replace('{id}', at.id ?? NOBODY) + (at.query ?? '');
  const answer = await client.send(route.method, path, body, at.headers);
  contract.expectKept(route, answer);
  return answer;
}

const NOBODY = '00000000-0000-4000-8000-000000000000';
const EMAIL = 'ann@acme.example';

test('the document is OpenAPI 3.1, and every operation has a name, a summary and a tag', () => {
  expect(contract.document.openapi).toBe('3.1.0');
  const names = routes.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { operationId, summary, tags } of routes) {
    expect([operationId, Boolean(operationId && summary && tags.length > 0)]).toEqual([
      operationId,
      true,
    ]);
  }
});

test('every route of the API is documented, and everything documented is there', () => {
  const express = atrium.app.getHttpAdapter().getInstance() as {
    router: { stack: Array<{ route?: { path: string; methods: Record<string, boolean> } }> };
  };
  const served = express.router.stack.flatMap(({ route }) =>
    route && /^\/(api\/v1|\.well-known)\//.test(route.path)
      ? Object.keys(route.methods).map(
          (method) => `${method.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`,
        )
      : [],
  );
  expect(served.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
});

test('the first journey is answered as documented', async () => {
  const client = atrium.api();
  const registered = await ask(client, 'register', { email: EMAIL, password: PASSWORD });
  client.tokens = registered.body;
  await ask(client, 'getMe');
  await ask(client, 'completeProfile', { display_name: 'Ann', timezone: 'Europe/Brussels' });
  await ask(client, 'createTenant', { organization: 'Acme' });
  await ask(client, 'getMe');
  await ask(client, 'updateMe', { country: 'BE', language: 'nl', theme: 'night' });
  await ask(client, 'getTenant');
  await ask(client, 'updateTenant', { organization: 'Acme NV' });
  const other = await atrium.api().login(EMAIL, PASSWORD);
  const { items } = (await ask(client, 'listSessions')).body;
  const { id } = items.find(({ current }: { current: boolean }) => !current);
  await ask(client, 'endSession', undefined, { id });
  await ask(other, 'getMe');
  const passwords = { current_password: PASSWORD, new_password: 'another lantern orbit' };
  await ask(client, 'changePassword', passwords);
  const again = await ask(atrium.api(), 'login', {
    email: EMAIL,
    password: passwords.new_password,
  });
  await ask(atrium.api(), 'refresh', { refresh_token: again.body.refresh_token });
  await ask(client, 'logout');
  await ask(atrium.api(), 'requestPasswordReset', { email: EMAIL });
  const token = linkIn(await atrium.mails.expect(EMAIL, /password-reset\/confirm/))
    .split('/')
    .filter(Boolean)
    .at(-1);
  await ask(atrium.api(), 'confirmPasswordReset', { token, password: PASSWORD });
  await ask(atrium.api(), 'getKeys');
});

test('reference data is answered as documented', async () => {
  for (const id of ['listCountries', 'listLanguages', 'listTimezones', 'listCurrencies']) {
    const answer = await ask(atrium.api(), id, undefined, { query: '?country=BE&limit=2' });
    await ask(atrium.api(), id, undefined, { query: '?limit=10000' });
    await ask(atrium.api(), id, undefined, { query: '?limit=0' });
    const headers = { 'if-none-match': answer.get('etag')! };
    await ask(atrium.api(), id, undefined, { query: '?country=BE&limit=2', headers });
  }
});

test('refusals by the state of things are as documented', async () => {
  const taken = { email: 'taken@acme.example', password: PASSWORD };
  await atrium.people.adminOf('Taken', taken.email);
  await ask(atrium.api(), 'register', taken);
  await ask(atrium.api(), 'login', { ...taken, password: 'wrong' });
  await ask(atrium.api(), 'refresh', { refresh_token: 'x' });
  await ask(atrium.api(), 'confirmPasswordReset', { token: 'x', password: PASSWORD });
  const client = await atrium.api().login(taken.email, PASSWORD);
  await ask(client, 'createTenant', { organization: 'Another' });
  await ask(client, 'endSession');
});

test('whoever is not signed in, or not onboarded, is refused as documented', async () => {
  await atrium.people.newcomer('new@acme.example');
  const newcomer = await atrium.api().login('new@acme.example', PASSWORD);
  for (const { operationId, security, responses } of routes) {
    if (security) {
      const answer = await ask(atrium.api(), operationId);
      expect([operationId, answer.status]).toEqual([operationId, 401]);
    }
    if (responses['403']) {
      const answer = await ask(newcomer, operationId);
      expect([operationId, answer.status]).toEqual([operationId, 403]);
    }
  }
});

test('what a client has already is not sent again, and a change made from an old state is refused', async () => {
  await atrium.people.adminOf('Tags', 'tags@acme.example');
  const client = await atrium.api().login('tags@acme.example', PASSWORD);
  for (const { operationId, responses } of routes) {
    if (responses['304']) {
      const etag = (await ask(client, operationId)).get('etag')!;
      const headers = { 'if-none-match': etag };
      const again = await ask(client, operationId, undefined, { headers });
      expect([operationId, again.status]).toEqual([operationId, 304]);
    }
    if (responses['412']) {
      const old = { headers: { 'if-match': '"old"' } };
      const refused = await ask(client, operationId, {}, old);
      expect([operationId, refused.status]).toEqual([operationId, 412]);
    }
  }
  const etag = (await ask(client, 'getMe')).get('etag')!;
  const headers = { 'if-match': etag };
  const changed = await ask(client, 'updateMe', { theme: 'night' }, { headers });
  expect([changed.status, changed.get('etag')]).toEqual([200, expect.not.stringMatching(etag)]);
  const late = await ask(client, 'updateMe', { theme: 'corporate' }, { headers });
  expect(late.status).toBe(412);
  expect((await ask(client, 'getMe')).body.theme).toBe('night');
});

test('bodies that cannot be read are refused as documented', async () => {
  await atrium.people.adminOf('Bodies', 'bodies@acme.example');
  const client = await atrium.api().login('bodies@acme.example', PASSWORD);
  const json = { 'content-type': 'application/json' };
  for (const { operationId, requestBody } of routes) {
    if (!requestBody) continue;
    const refusals: Array<[unknown, Record<string, string>, number]> = [
      ['{"a":', json, 400],
      [`{"a":"${'x'.repeat(1024 * 1024)}"}`, json, 413],
      ['a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
      [{ is_staff: true }, json, 422],
    ];
    for (const [body, headers, status] of refusals) {
      const answer = await ask(client, operationId, body, { headers });
      expect([operationId, answer.status]).toEqual([operationId, status]);
    }
  }
});

test('whoever tries too often is refused as documented', async () => {
  const client = strict.api();
  const email = 'often@acme.example';
  client.tokens = (await client.post('/auth/register', { email, password: PASSWORD })).body;
  await strict.sql(
    `UPDATE user_profile SET profile_completed_at = now(), tenant_id = $1, role = 'admin',
       tenant_joined_at = now()`,
    [await strict.people.tenant('Often')],
  );
  for (const { operationId, responses } of routes) {
    if (!responses['429']) continue;
    let answer = await ask(client, operationId, {});
    for (let tries = 0; tries < 10 && answer.status !== 429; tries++) {
      answer = await ask(client, operationId, {});
    }
    expect([operationId, answer.status]).toEqual([operationId, 429]);
    expect(Number(answer.get('retry-after'))).toBeGreaterThan(0);
  }
});

test('everything that is documented has been seen', () => {
  const documented = routes.flatMap(({ method, path, responses }) =>
    Object.keys(responses).map((status) => `${method} ${path} ${status}`),
  );
  const unseen = documented.filter((name) => !contract.seen.has(name));
  expect(unseen).toEqual([]);
});

test('the document can be read on a page of this host, under its policy', async () => {
  const page = await atrium.browser().visit('/api/docs/');
  expect(page.status).toBe(200);
  expect(page.response.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.document.querySelectorAll('script:not([src]), style, [style], [onclick]')).toEqual(
    [],
  );
  const links = page.document
    .querySelectorAll('[src], [href]')
    .map((each) => each.getAttribute('src') ?? each.getAttribute('href') ?? '');
  expect(links.length).toBe(4);
  for (const link of links) {
    const file = await atrium.api().get(link);
    expect([link, file.status]).toEqual([link, 200]);
  }
  for (const wrong of ['package.json', '..%2fpackage.json', 'index.html']) {
    expect((await atrium.api().get(`/api/docs/${wrong}`)).status).toBe(404);
  }
});

test('a client that has the document is told so', async () => {
  const first = await atrium.api().get('/api/openapi.json');
  const again = await atrium
    .api()
    .get('/api/openapi.json', { 'if-none-match': first.get('etag')! });
  expect([again.status, again.text]).toEqual([304, '']);
});

import type { Response } from 'supertest';
import type { Permission } from '../../src/core/features/names.js';
import { apiScopes } from '../../src/core/features/registry.js';
import { setUpApp } from '../support/factors.js';
import type { ApiClient } from '../support/api.js';
import { sampled } from '../support/samples.js';
import { withoutFlag } from '../support/flags.js';
import { startApp, type TestApp } from '../support/app.js';
import { Contract, type Route } from '../support/contract.js';
import { IdempotencyRepository } from '../../src/core/http/api/idempotency.repository.js';
import { quarters } from '../support/pictures.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';

let atrium: TestApp;
let strict: TestApp;
let selling: TestApp;
let contract: Contract;
let routes: Route[];

beforeAll(async () => {
  [atrium, strict] = [await startApp(), await startApp({ RATE_LIMIT_MULTIPLIER: '0.01' })];
  selling = await startApp({ BILLING_PROVIDER: 'sandbox' });
  contract = await Contract.of(atrium);
  ({ routes } = contract);
});
afterAll(() => Promise.all([atrium, strict, selling].map((app) => app.stop())));

async function ask(
  client: ApiClient,
  operationId: string,
  body?: unknown,
  at: At = {},
): Promise<Response> {
  const route = contract.route(operationId);
  const path = pathOf(route, at) + (at.query ?? '');
  const answer = await client.send(route.method, path, body, at.headers);
  contract.expectKept(route, answer);
  return answer;
}

/** Where a route is asked: `id` is its last parameter, `ids` are all by their names. */
interface At {
  id?: string;
  ids?: Record<string, string>;
  query?: string;
  headers?: Record<string, string>;
}

/** The path of a route; a parameter that is not given is an id of nothing. */
function pathOf({ path }: Pick<Route, 'path'>, { id = NOBODY, ids = {} }: At): string {
  const last = path.lastIndexOf('{');
  return path.replace(/\{(\w+)\}/g, (_, name: string, place: number) =>
    encodeURIComponent(ids[name] ?? (place === last ? id : NOBODY)),
  );
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
  const express = atrium.app.getHttpAdapter().getInstance() as unknown as {
    router: { stack: Array<{ route?: { path: string; methods: Record<string, boolean> } }> };
  };
  const served = express.router.stack.flatMap(({ route }) =>
    route?.path.startsWith('/api/v1/')
      ? Object.keys(route.methods).map(
          (method) => `${method.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`,
        )
      : [],
  );
  expect(served.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
});

test('every path parameter has a sample, and every body is generated from its schema', () => {
  const path = '/api/v1/invoices/{invoice}/lines/{id}';
  expect(pathOf({ path }, { id: 'b' })).toBe(`/api/v1/invoices/${NOBODY}/lines/b`);
  expect(pathOf({ path }, { ids: { invoice: 'a', id: 'b/c' } })).toBe(
    '/api/v1/invoices/a/lines/b%2Fc',
  );
  const invitation = contract.sampleBody(contract.route('createInvitation')) as object;
  expect(invitation).toEqual({ email: expect.stringContaining('@') });
  const credentials = contract.sampleBody(contract.route('login'));
  expect(credentials).toEqual({
    email: expect.stringContaining('@'),
    password: expect.any(String),
  });
  expect(contract.sampleBody(contract.route('getMe'))).toBeUndefined();
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
});

test('the second factor is asked for as documented', async () => {
  const carl = await atrium.people.memberOf('Careful', 'carl@acme.example');
  const { app } = await setUpApp(atrium, carl);
  const credentials = { email: carl.email, password: PASSWORD };
  const refused = await ask(atrium.api(), 'login', credentials);
  const token = refused.body.second_factor_token as string;
  await ask(atrium.api(), 'showSecondFactor', { token, code: app.wrong() });
  const client = atrium.api();
  client.tokens = (await ask(client, 'showSecondFactor', { token, code: await app.next() })).body;
  await ask(atrium.api(), 'showSecondFactor', { token, code: await app.next() });
  await ask(client, 'stepUp', { code: await app.next() });
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

test('unauthenticated and not onboarded requests are refused as documented', async () => {
  await atrium.people.newcomer('new@acme.example');
  const newcomer = await atrium.api().login('new@acme.example', PASSWORD);
  for (const route of routes) {
    const { operationId, responses } = route;
    if (Contract.isClosed(route)) {
      const answer = await ask(atrium.api(), operationId);
      expect([operationId, answer.status]).toEqual([operationId, 401]);
    }
    // What is open to newcomers refuses keys only; see below.
    if (responses['403'] && Contract.isClosed(route) && !FOR_NEWCOMERS.has(operationId)) {
      const answer = await ask(newcomer, operationId);
      expect([operationId, answer.status]).toEqual([operationId, 403]);
    }
  }
});

const FOR_NEWCOMERS = new Set([
  'getMe',
  'logout',
  'completeProfile',
  'createTenant',
  'stepUp',
  'getPasskeyStepUpOptions',
  'listPasskeys',
  'getNewPasskeyOptions',
  'addPasskey',
  'getPasskey',
  'updatePasskey',
  'removePasskey',
]);

test('a key without the permission of a route is refused as documented', async () => {
  // A key with a scope that no route requires.
  const secret = await atrium.people.keyOf('Machines', ['none' as Permission]);
  for (const { operationId, responses } of routes) {
    if (!responses['403']) continue;
    const answer = await ask(atrium.api().showing(secret), operationId);
    expect([operationId, answer.status]).toEqual([operationId, 403]);
  }
});

test('304 for a current entity tag, and 412 for a change of an outdated state', async () => {
  await atrium.people.adminOf('Tags', 'tags@acme.example');
  const admin = await atrium.people.adminOf('Tags', 'zoe@acme.example');
  const client = await atrium.api().login('tags@acme.example', PASSWORD);
  for (const route of routes) {
    const { operationId, path, responses } = route;
    const id = await idFor(client, admin, path);
    const query = await queryOf(client, route);
    if (responses['304']) {
      // A job may change what is asked for in between: a message that did not arrive, for example.
      await eventually(async () => {
        const etag = (await ask(client, operationId, undefined, { id, query })).get('etag')!;
        const headers = { 'if-none-match': etag };
        const again = await ask(client, operationId, undefined, { id, query, headers });
        return again.status === 304;
      });
    }
    if (responses['412']) {
      const old = { id, headers: { 'if-match': '"old"' } };
      const refused = await ask(client, operationId, contract.sampleBody(route), old);
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

/** A query that finds something of the caller's own, for a route that cannot be asked without one. */
async function queryOf(client: ApiClient, route: Route): Promise<string> {
  const made = Object.entries(sampled('apiQueries')).find(([path]) => route.path.endsWith(path));
  return made && requiredOf(route) ? made[1](client) : requiredOf(route);
}

/** The query of a route that cannot be asked without one. */
function requiredOf({ parameters = [] }: Route): string {
  const required = parameters.filter((each) => each.in === 'query' && each.required);
  return required.length === 0 ? '' : `?${required.map(({ name }) => `${name}=a`).join('&')}`;
}

/** An existing id of the caller for a route with an id. */
async function idFor(client: ApiClient, admin: Person, path: string): Promise<string> {
  const made = Object.entries(sampled('apiThings')).find(([thing]) => path.includes(thing));
  if (made) return made[1](client, admin);
  return NOBODY;
}

test('members and invitations are answered as documented', async () => {
  await atrium.people.adminOf('People', 'people@acme.example');
  const client = await atrium.api().login('people@acme.example', PASSWORD);
  const { body: me } = await ask(client, 'getMe');
  const { items } = (await ask(client, 'listMembers', undefined, { query: '?q=people' })).body;
  await ask(client, 'listMembers', undefined, { query: '?role=owner' });
  const self = { id: items[0].id };
  expect((await ask(client, 'updateMember', { is_active: false }, self)).status).toBe(409);
  expect((await ask(client, 'updateMember', { role: 'admin' }, self)).status).toBe(200);
  expect((await ask(client, 'updateMember', { role: 'admin' })).status).toBe(404);
  expect((await ask(client, 'getMember')).status).toBe(404);

  const invited = { email: 'guest@people.example', role: 'admin' };
  const { body: invitation } = await ask(client, 'createInvitation', invited);
  expect(invitation).toMatchObject({ ...invited, state: 'pending' });
  expect((await ask(client, 'createInvitation', invited)).status).toBe(409);
  expect((await ask(client, 'createInvitation', { email: me.email })).status).toBe(409);
  await ask(client, 'listInvitations', undefined, { query: '?q=guest&limit=1' });
  await ask(client, 'listInvitations', undefined, { query: '?limit=0' });
  await ask(client, 'resendInvitation', undefined, { id: invitation.id });
  for (const id of ['resendInvitation', 'cancelInvitation']) {
    expect((await ask(client, id)).status).toBe(404);
  }
  const token = linkIn(await atrium.mails.expect(invited.email, /invite\/accept/, 2))
    .split('/')
    .filter(Boolean)
    .at(-1);
  const accepted = await ask(atrium.api(), 'acceptInvitation', { token, password: PASSWORD });
  expect(accepted.status).toBe(200);
  expect((await ask(atrium.api(), 'acceptInvitation', { token, password: PASSWORD })).status).toBe(
    410,
  );
  for (const id of ['resendInvitation', 'cancelInvitation']) {
    const late = await ask(client, id, undefined, { id: invitation.id });
    expect([id, late.status]).toEqual([id, 409]);
  }
  const { body: other } = await ask(client, 'createInvitation', { email: 'other@people.example' });
  expect((await ask(client, 'cancelInvitation', undefined, { id: other.id })).status).toBe(204);
});

test.each(Object.entries(sampled('apiJourneys')))('%s', async (name, journey) => {
  const email = `${name.replaceAll(' ', '-')}@acme.example`;
  const admin = await atrium.people.adminOf(name, email);
  await journey({
    admin,
    atrium,
    client: await atrium.api().login(email, PASSWORD),
    ask,
    withoutFlag: (flag, work) => withoutFlag(atrium, flag, work),
  });
});

test('handing over is answered as documented', async () => {
  await atrium.people.adminOf('Handing', 'old@handing.example');
  const { profileId } = await atrium.people.memberOf('Handing', 'new@handing.example');
  const client = await atrium.api().login('old@handing.example', PASSWORD);
  expect((await ask(client, 'handOverOrganization', { member_id: NOBODY })).status).toBe(422);
  const answer = await ask(client, 'handOverOrganization', { member_id: profileId });
  expect(answer.status).toBe(204);
});

test('an invitation is accepted with the password of an existing account', async () => {
  await atrium.people.adminOf('Hosts', 'host@hosts.example');
  const client = await atrium.api().login('host@hosts.example', PASSWORD);
  await atrium.people.newcomer('known@hosts.example');
  await ask(client, 'createInvitation', { email: 'known@hosts.example' });
  const token = linkIn(await atrium.mails.expect('known@hosts.example', /invite\/accept/))
    .split('/')
    .filter(Boolean)
    .at(-1);
  const wrong = { token, password: 'not the password' };
  expect((await ask(atrium.api(), 'acceptInvitation', wrong)).status).toBe(401);
  const guest = atrium.api();
  guest.tokens = (await ask(guest, 'acceptInvitation', { token, password: PASSWORD })).body;
  expect((await ask(guest, 'getMe')).body).toMatchObject({
    role: 'member',
    tenant: { organization: 'Hosts' },
  });
  expect((await ask(guest, 'listMembers')).status).toBe(403);
  const { items } = (await ask(client, 'listNotifications')).body;
  expect(items).toMatchObject([{ kind: 'member.joined', is_read: false }]);
  const at = { id: items[0].id as string };
  const { body: read } = await ask(client, 'updateNotification', { is_read: true }, at);
  expect(read).toEqual({ ...items[0], is_read: true });
});

test('the logo is read and written as documented', async () => {
  await atrium.people.adminOf('Logos', 'logos@acme.example');
  const client = await atrium.api().login('logos@acme.example', PASSWORD);
  const route = contract.route('setLogo');
  const send = async (name: string, bytes: Buffer) => {
    const answer = await client.upload('PUT', '/tenant/logo', name, bytes);
    contract.expectKept(route, answer);
    return answer;
  };
  const given = await send('logo', await quarters().png().toBuffer());
  expect(given.body.logo_url).toMatch(/^\/media\/logo\/[0-9a-f]{32}\.webp$/);
  expect((await send('logo', Buffer.from('no picture'))).status).toBe(422);
  expect((await send('logo', Buffer.alloc(11 * 1024 * 1024))).status).toBe(413);
  const broken = { 'content-type': 'multipart/form-data' };
  expect((await ask(client, 'setLogo', 'x', { headers: broken })).status).toBe(400);
  expect((await ask(client, 'setLogo', {})).status).toBe(415);
  expect((await ask(client, 'removeLogo')).status).toBe(204);
  expect((await ask(client, 'getTenant')).body.logo_url).toBeNull();
});

test('a second request with the Idempotency-Key of an unfinished one gets 409', async () => {
  await atrium.people.adminOf('Keys', 'keys@acme.example');
  const client = await atrium.api().login('keys@acme.example', PASSWORD);
  const hold = IdempotencyRepository.prototype.claim;
  IdempotencyRepository.prototype.claim = ({ bodyHash }) =>
    Promise.resolve({ bodyHash, answer: null });
  try {
    for (const { operationId, parameters = [] } of routes) {
      if (!parameters.some(({ name }) => name === 'Idempotency-Key')) continue;
      const asker =
        operationId === 'register' || operationId === 'acceptInvitation' ? atrium.api() : client;
      const headers = { 'idempotency-key': 'held' };
      const answer = await ask(asker, operationId, undefined, { headers });
      expect([operationId, answer.status]).toEqual([operationId, 409]);
      const spaced = { 'idempotency-key': 'with a space' };
      const refused = await ask(asker, operationId, undefined, { headers: spaced });
      expect([operationId, refused.status]).toEqual([operationId, 400]);
    }
  } finally {
    IdempotencyRepository.prototype.claim = hold;
  }
});

test('bodies that cannot be read are refused as documented', async () => {
  await atrium.people.adminOf('Bodies', 'bodies@acme.example');
  const client = await atrium.api().login('bodies@acme.example', PASSWORD);
  const json = { 'content-type': 'application/json' };
  for (const { operationId, requestBody } of routes) {
    if (!requestBody?.content['application/json']) continue;
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

test('rate limits refuse as documented', async () => {
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

const PNG = { 'content-type': 'image/png' };

/** A body that a route reads: JSON, or a form. */
function bodyFor({ requestBody }: Route): [unknown, At] {
  const isForm = requestBody?.content['multipart/form-data'] !== undefined;
  return isForm ? ['--x--\r\n', { headers: FORM }] : [{}, {}];
}

const FORM = { 'content-type': 'multipart/form-data; boundary=x' };

test('a change is refused where the organisation has to pay first', async () => {
  const secret = await selling.people.keyOf('Due', apiScopes());
  await selling.sql(
    `UPDATE tenant SET access_state = 'read_only', plan_key = 'team', plan_version = 1 WHERE id = $1`,
    [await selling.people.tenant('Due')],
  );
  const client = selling.api().showing(secret);
  for (const route of routes) {
    const { operationId, responses } = route;
    if (!responses['402']) continue;
    const answer =
      operationId === 'setLogo'
        ? await ask(client, operationId, await quarters().png().toBuffer(), { headers: PNG })
        : await ask(client, operationId, ...bodyFor(route));
    expect([operationId, answer.status]).toEqual([operationId, 402]);
    expect(answer.body).toMatchObject({
      type: 'http://atrium.test/problems/subscription-required',
    });
  }
});

test('every documented operation and status was exercised', () => {
  const documented = routes.flatMap(({ method, path, responses }) =>
    Object.keys(responses).map((status) => `${method} ${path} ${status}`),
  );
  const unseen = documented.filter((name) => !contract.seen.has(name));
  expect(unseen).toEqual([]);
});

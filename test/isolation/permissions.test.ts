import { randomUUID } from 'node:crypto';
import type { Permission } from '../../src/core/features/names.js';
import { apiScopes, merged, permissionsOf } from '../../src/core/features/registry.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { discoverRoutes, type Route } from './routes.js';

let atrium: TestApp;
let routes: Route[];
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  routes = discoverRoutes(atrium.app);
});
afterAll(() => atrium.stop());

const isApi = ({ path }: Route) => path.startsWith('/api/');
const nameOf = ({ method, path }: Route) => `${method} ${path}`;

/** Routes of one's own account, which ask for no permission: by the beginning of their path. */
const OWN = [
  '/account/',
  '/api/v1/auth/',
  '/api/v1/me/',
  '/api/v1/notifications/',
  '/api/v1/onboarding/',
  '/confirm/',
  '/email/',
  '/logout/',
  '/notifications/',
  '/onboarding/',
  '/profile/',
];

test('a route of an organisation names a permission that a feature declares', () => {
  const declared = merged('permissions');
  const named = routes.flatMap(({ permission }) => permission ?? []);
  expect(named.filter((permission) => !declared.has(permission))).toEqual([]);
  expect([...declared.keys()].filter((name) => !named.includes(name as Permission))).toEqual([]);
});

test('a route that names none is about one’s own account', () => {
  const others = routes
    .filter(({ access }) => access === 'self')
    .filter(({ path }) => !OWN.some((own) => path.startsWith(own)));
  expect(others.map(nameOf)).toEqual([]);
});

test('a route that changes something asks for a permission to write', () => {
  const careless = routes
    .filter(({ method, permission }) => method !== 'GET' && permission)
    .filter(({ permission }) => !permission!.endsWith(':write'));
  expect(careless.map(nameOf)).toEqual([]);
});

/** Whether the request was refused for a missing permission (403), whatever else is wrong with it. */
async function isRefused(route: Route, send: (path: string) => Promise<number>): Promise<boolean> {
  return (await send(route.path.replaceAll(/:\w+/g, () => randomUUID()))) === 403;
}

async function compare(
  about: readonly Route[],
  has: (permission: Permission) => boolean,
  send: (route: Route, path: string) => Promise<number>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const route of about.filter(({ permission }) => permission)) {
    const expected = !has(route.permission!);
    const refused = await isRefused(route, (path) => send(route, path));
    if (refused !== expected) {
      wrong.push(`${nameOf(route)} (${route.permission}) ${refused ? 'is refused' : 'is allowed'}`);
    }
  }
  return wrong;
}

async function byBrowser(browser: Browser, { method }: Route, path: string): Promise<number> {
  return (await (method === 'GET' ? browser.visit(path) : browser.post(path))).status;
}

const PASSWORD = 'paper lantern orbit';

test.each(['member', 'admin'] as const)(
  'people do what their role has the permission for, and nothing else: %s',
  async (role) => {
    const person = await atrium.people.memberOf('Acme', `${role}@acme.test`, role);
    if (role === 'member') await atrium.people.memberOf('Acme', 'boss@acme.test', 'admin');
    const login = { email: `${role}@acme.test`, password: PASSWORD };
    const { body } = await atrium.api().post('/api/v1/auth/login', login);
    const { access_token } = body as { access_token: string };
    const mine = permissionsOf(role);
    const has = (permission: Permission) => mine.includes(permission);
    const send = async (route: Route, path: string) =>
      isApi(route) ? call(route, path, access_token) : byBrowser(person.browser, route, path);
    expect(await compare(routes, has, send)).toEqual([]);
  },
  120_000,
);

test('an API key does what its scopes say, one at a time', async () => {
  const api = routes.filter(isApi);
  for (const scope of apiScopes()) {
    const key = await atrium.people.keyOf('Acme', [scope]);
    const has = (permission: Permission) => permission === scope;
    expect([scope, await compare(api, has, (route, path) => call(route, path, key))]).toEqual([
      scope,
      [],
    ]);
  }
}, 120_000);

async function call({ method }: Route, path: string, token: string): Promise<number> {
  const { agent } = atrium.browser();
  const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const sent = agent[verb](path).redirects(0).set('authorization', `Bearer ${token}`);
  return (await (verb === 'get' ? sent : sent.send({})).ok(() => true)).status;
}

test('staff who act for an admin and only look change nothing, whatever the admin may do', async () => {
  const anna = await atrium.people.memberOf('Globex', 'anna@globex.test', 'admin');
  const root = await atrium.people.staff('root@atrium.test', true);
  const start = { reason: 'Ticket 4711', minutes: '15', mode: 'look' };
  await root.browser.fill(`/admin/users/${anna.userId}/act/`, start);
  const pages = routes.filter((route) => !isApi(route) && route.method !== 'GET');
  const nothing = await compare(
    pages.filter(({ isEvenReadOnly }) => !isEvenReadOnly),
    () => false,
    (route, path) => byBrowser(root.browser, route, path),
  );
  expect(nothing).toEqual([]);
});

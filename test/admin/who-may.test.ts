import { BackOffice } from '../../src/core/back-office/back-office.js';
import { discoverRoutes, type Route } from '../isolation/routes.js';
import { flag } from '../isolation/route-declarations.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let helper: Person;
let addresses: Array<{ method: string; path: string; isForm: boolean; isForAll: boolean }>;
beforeAll(async () => {
  atrium = await startApp();
  helper = await atrium.people.staff('helper@atrium.test');
  const anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  await anna.browser.visit('/settings/users/');
  await anna.browser.submit('/settings/users/', { email: 'guest@acme.test', role: 'member' });
  await anna.browser.fill('/projects/new/', { name: 'Roof' });
  await atrium.sql(`INSERT INTO pgboss.job (name, data, source_name, keep_until)
    VALUES ('dead-letters', '{}', 'mail', now() + interval '1 day')`);
  await atrium.mails.expect('guest@acme.test');
  addresses = await everyAddress();
}, 60_000);
afterAll(() => atrium.stop());

/** Pages that only ask for what a superuser may do. */
const FORMS = /\/(edit|act|bulk|sell|entitlements|change|extend_trial|paid|replay_parked)(\/|$)/;

/** Every route of the back office, with every entity, a row of it, and each thing that is done to it. */
async function everyAddress() {
  const office = atrium.app.get(BackOffice);
  const routes = discoverRoutes(atrium.app).filter(({ access }) => access === 'staff');
  const all: typeof addresses = [];
  for (const list of office.all()) {
    const { name } = list.id;
    const only = list.declared.only ? `WHERE ${list.declared.only}` : '';
    const [row] = await atrium.sql<{ id: string }>(
      `SELECT r.${name}::text AS id FROM ${list.table} r ${only} LIMIT 1`,
    );
    const actions = Object.keys(list.declared.actions);
    for (const { method, path, isForAllStaff } of routes) {
      for (const action of path.includes(':action') ? actions : ['']) {
        // One of the pages that belong to a single entity.
        const own = /^\/admin\/(\w[\w-]*)\/./.exec(path)?.[1];
        if (own && own !== 'flags' && own !== list.path) continue;
        // Nothing has happened in billing: there is nothing to look at.
        if (!row && path.includes(':id')) continue;
        const filled = path
          .replace(':entity', list.path)
          .replace(':name', path.includes('entitlements') ? 'projects' : flag())
          .replace(':id', row?.id ?? '')
          .replace(':action', action);
        const isForm = path.includes(':action') || FORMS.test(path);
        // Notes and saved filters are written by all staff, and who takes a list is recorded.
        const isForAll = isForAllStaff || path.endsWith('/export.csv/');
        all.push({ method, path: filled, isForm, isForAll });
      }
    }
  }
  return all;
}

async function send(browser: Browser, method: Route['method'], path: string): Promise<Sight> {
  if (method === 'GET') return browser.visit(path);
  const ids = addresses.flatMap((each) => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(each.path)?.[0] ?? []);
  const typed = {
    email: 'taken@over.test',
    is_staff: '1',
    is_superuser: '1',
    organization: 'Taken over',
    display_name: 'Taken over',
    name: 'Taken over',
    role: 'admin',
    status: 'done',
    version: '1',
    reason: 'To take it over, if that is possible',
    minutes: '60',
    mode: 'change',
  };
  return browser.post(path, { ...typed, id: ids[0] ?? '' });
}

/** All rows, except what reading itself writes. */
async function everything(): Promise<unknown> {
  const tables = await atrium.sql<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'rate_limit'`,
  );
  const sums = [...tables.map(({ name }) => name), `pgboss.job`].map(
    (
      name,
    ) => `SELECT '${name}' AS name, md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM ${name} t
      ${name === 'pgboss.job' ? `WHERE t.name = 'dead-letters'` : ''}`,
  );
  return atrium.sql(sums.join(' UNION ALL '));
}

test('staff who are no superusers read everything and change nothing, by any request', async () => {
  expect(addresses.length).toBeGreaterThan(100);
  const before = await everything();
  const wrong: string[] = [];
  for (const { method, path, isForm } of addresses.filter(({ isForAll }) => !isForAll)) {
    const { status, response } = await send(helper.browser, method, path);
    const expected = method === 'GET' && !isForm ? 200 : 403;
    if (status !== expected)
      wrong.push(`${method} ${path}: ${status} ${response.text.slice(0, 200)}`);
  }
  expect(wrong).toEqual([]);
  expect(await everything()).toEqual(before);
}, 120_000);

test('they are shown that they only read', async () => {
  const list = await helper.browser.visit('/admin/users/');
  expect(list.text).toContain('Read only');
  expect(list.document.querySelector('input[type="checkbox"]')).toBeNull();
  const row = await helper.browser.visit(
    list.document.querySelector('tbody a')!.getAttribute('href')!,
  );
  expect(row.document.querySelectorAll('main form[method="post"]')).toHaveLength(0);
  expect(row.text).not.toContain('Deactivate');
});

test.each(['nobody', 'a member', 'an admin'])(
  'for %s there is no back office',
  async (who) => {
    const browser = await browserOf(who);
    const wrong: string[] = [];
    // One entity suffices: the guard does not distinguish entities.
    for (const { method, path } of addresses.filter(({ path }) =>
      /^\/admin\/(users|countries|)/.test(path),
    )) {
      const { status } = await send(browser, method, path);
      if (status !== 404) wrong.push(`${path}: ${status}`);
    }
    expect(wrong).toEqual([]);
  },
  60_000,
);

test.each(['nobody', 'a member', 'an admin'])(
  'for %s it does not exist by any other method either',
  async (who) => {
    const { agent } = await browserOf(who);
    const user = `/admin/users/${helper.userId}/`;
    const paths = ['/admin', '/admin/', '/ADMIN/', '/admin/users/', user, `${user}edit/`];
    for (const path of [...paths, '/admin/nothing/', '/admin/flags/']) {
      for (const method of ['post', 'put', 'patch', 'delete', 'options'] as const) {
        const { status, headers } = await agent[method](path).ok(() => true);
        expect([method, path, status, headers.allow]).toEqual([method, path, 404, undefined]);
      }
    }
  },
);

test('staff get a 405 with the allowed methods', async () => {
  const { status, headers } = await helper.browser.agent.delete('/admin/users/').ok(() => true);
  expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
});

async function browserOf(who: string): Promise<Browser> {
  if (who === 'nobody') return atrium.browser();
  const isAdmin = who === 'an admin';
  const email = `${isAdmin ? 'admin' : 'member'}@other.test`;
  const known = await atrium.sql('SELECT 1 FROM users WHERE email = $1', [email]);
  if (known.length > 0) return (await atrium.people.signedIn(email)).browser;
  return (await atrium.people.memberOf('Other', email, isAdmin ? 'admin' : 'member')).browser;
}

test('staff need not have finished their own onboarding', async () => {
  const fresh = await atrium.people.staff('fresh@atrium.test');
  const start = await fresh.browser.visit('/admin/');
  expect(start.status).toBe(200);
  const out = start.document.querySelectorAll('aside a').find((a) => a.textContent === 'View site');
  expect(out?.getAttribute('href')).toBe('/dashboard/');
});

test('secrets are shown to nobody, superusers included', async () => {
  const root = await atrium.people.staff('root@atrium.test', true);
  const secrets = await atrium.sql<{ secret: string }>(`
    SELECT password_hash AS secret FROM users UNION SELECT encode(token_hash, 'hex') FROM session
    UNION SELECT encode(token_hash, 'hex') FROM invitation UNION SELECT encode(token_hash, 'hex') FROM user_token
    UNION SELECT (regexp_matches(text, '[A-Za-z0-9_-]{43}', 'g'))[1] FROM kept_mail`);
  expect(secrets.length).toBeGreaterThan(5);
  for (const { path } of addresses.filter(({ method }) => method === 'GET')) {
    const { response } = await root.browser.visit(path);
    for (const { secret } of secrets) expect(response.text).not.toContain(secret);
  }
  const [mail] = await atrium.sql<{ id: string }>(
    `SELECT id FROM kept_mail WHERE "to" = 'guest@acme.test'`,
  );
  const { response, text } = await root.browser.visit(`/admin/mails/${mail!.id}/`);
  expect(text).toContain('http://atrium.test/invite/…');
  for (const { secret } of secrets) expect(response.text).not.toContain(secret);
}, 60_000);

test.each([
  '/admin/nothing/',
  '/admin/__proto__/',
  '/admin/constructor/',
  '/admin/users/no-id/',
  '/admin/users/00000000-0000-0000-0000-000000000000/',
  '/admin/users/00000000-0000-0000-0000-00000000000/edit/',
  '/admin/countries/99999999999999999999/',
  '/admin/countries/-1/',
  '/admin/countries/1e3/',
  '/admin/users/bulk/nothing/?id=1',
  '/admin/users/bulk/constructor/',
  '/admin/users/bulk/deactivate/?id=x',
  '/admin/profiles/?tenant=x',
  '/admin/profiles/?tenant=00000000-0000-0000-0000-000000000000',
])('%s is nowhere', async (path) => {
  const root = await atrium.people.signedIn('root@atrium.test');
  expect((await root.browser.visit(path)).status).toBe(404);
});

test.each([
  'q=%00',
  'q=%25_%27%22%5C',
  'q=%F0%9F%98%80%ED%A0%80',
  'q=a&q=b',
  'q[]=a&q[x]=b',
  'sort=password_hash',
  "sort=email'--",
  'sort=__proto__&state=constructor',
  'state=active&state=deleted&staff=nothing',
  'state=%27%20OR%20true',
  'tenant=',
  'user=&actor=',
])('whatever is asked of a list (%s), it answers', async (search) => {
  const root = await atrium.people.signedIn('root@atrium.test');
  for (const path of ['users', 'profiles', 'countries', 'audit', 'jobs']) {
    const long = `${search}&q=${'x'.repeat(5_000)}`;
    expect((await root.browser.visit(`/admin/${path}/?${search}`)).status).toBe(200);
    expect((await root.browser.visit(`/admin/${path}/?${long}`)).status).toBe(200);
  }
});

test.each(['x', '!!!', Buffer.from('["email","after","a"]').toString('base64url')])(
  'a cursor of somebody’s own making (%s) is refused',
  async (cursor) => {
    const root = await atrium.people.signedIn('root@atrium.test');
    for (const path of ['users', 'countries']) {
      expect((await root.browser.visit(`/admin/${path}/?page=${cursor}`)).status).toBe(400);
    }
  },
);

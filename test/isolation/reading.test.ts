import type { Test as Call } from 'supertest';
import { newToken } from '../../src/users/access-tokens/tokens.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';
import { PARAMETERS } from './route-declarations.js';
import { discoverRoutes, type Route } from './routes.js';

/**
 * GET and HEAD change nothing (RFC 9110 §9.2.1): every route is opened twice, with valid links, as every kind
 * of caller.
 */

/** Changes that reading may cause, with the reason. */
const EXCEPTIONS: Record<string, { columns: string[]; why: string }> = {
  session: { columns: ['last_seen_at'], why: 'when a session was last used, once a minute' },
  api_key: { columns: ['last_used_at'], why: 'when a key was last used, once a minute' },
};
/** Tables that are written whatever a route does. */
const WORKED: Record<string, string> = {
  rate_limit: 'how often somebody asked, counted before the route is reached',
  kept_figures: 'figures of the back office, counted every ten minutes',
};
/** Routes whose GET is meant to be recorded. */
const RECORDED: Record<string, string> = {
  '/admin/:entity/export.csv/': 'who took a list of the back office is in the audit trail',
  '/settings/data/:id/download/':
    'who took the data of the organisation away is in the audit trail',
};

let atrium: TestApp;
let visitors: Record<string, Person | null>;
const ids: Record<string, string> = {};

beforeAll(async () => {
  atrium = await startApp();
  const { people } = atrium;
  const member = await people.memberOf('Acme', 'member@acme.example');
  const admin = await people.adminOf('Acme', 'admin@acme.example');
  const root = await people.staff('root@atrium.example', true);
  const newcomer = await people.newcomer('newcomer@acme.example');
  visitors = { anonymous: null, newcomer, member, admin, superuser: root };
  await admin.browser.post('/projects/new/', { name: 'Garden', status: 'planned' });
  await admin.browser.post('/settings/users/', {
    action: 'invite',
    email: 'guest@acme.example',
    role: 'member',
  });
  await atrium.mails.expect('guest@acme.example');
  // The key that signs access tokens is made when one is first asked for, by whoever is first.
  await atrium.api().login(member.email, PASSWORD);
  Object.assign(ids, {
    users: member.userId,
    user_profile: member.profileId,
    tenant: admin.tenantId!,
    ...(await idsOf(['project', 'session', 'invitation', 'kept_mail'])),
  });
});
afterAll(() => atrium.stop());

async function idsOf(tables: string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of tables) {
    const [row] = await atrium.sql<{ id: string }>(`SELECT id FROM ${table} LIMIT 1`);
    found[table] = row!.id;
  }
  return found;
}

/** A live link of each kind, by the path up to its token. */
async function links(): Promise<Record<string, string>> {
  const { userId, email } = visitors.member!;
  const purposes = {
    '/password-reset/confirm/:token': 'password_reset',
    '/email/verify/:token': 'email_verification',
    '/email/change/:token': 'email_change',
    '/email/not-me/:token': 'not_me',
  };
  const made: Record<string, string> = {};
  for (const [path, purpose] of Object.entries(purposes)) {
    const { token, hash } = newToken();
    await atrium.sql(
      `INSERT INTO user_token (user_id, purpose, token_hash, email, expires_at)
       VALUES ($1, $2, $3, $4, now() + interval '1 hour')`,
      [userId, purpose, hash, purpose === 'email_change' ? 'other@acme.example' : email],
    );
    made[path] = token;
  }
  const { token, hash } = newToken();
  await atrium.sql(`UPDATE invitation SET token_hash = $1`, [hash]);
  return { ...made, '/invite/accept/:token': token };
}

function addressOf({ path }: Route, tokens: Record<string, string>): string {
  const words = path.split('/').filter(Boolean);
  const filled = words.map((word, index) => {
    if (!word.startsWith(':')) return word;
    const prefix = `/${words.slice(0, index + 1).join('/')}`;
    const declared = PARAMETERS[prefix];
    if (tokens[prefix]) return tokens[prefix];
    if (declared && 'row' in declared) return ids[declared.row] ?? ids.users!;
    return declared?.text ?? 'x';
  });
  return filled.length === 0 ? '/' : `/${filled.join('/')}/`;
}

/** Every table, as one hash of its contents. */
async function database(): Promise<Map<string, string>> {
  const tables = await atrium.sql<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY 1`,
  );
  const each = tables
    .filter(({ name }) => !(name in WORKED))
    .map(({ name, columns }) => {
      const kept = columns.filter((column) => !EXCEPTIONS[name]?.columns.includes(column));
      const row = kept.map((column) => `t."${column}"::text`).join(', ');
      return `SELECT '${name}' AS name,
        coalesce(md5(string_agg(md5(concat_ws('|', ${row})), '' ORDER BY md5(concat_ws('|', ${row})))), '') AS sum
        FROM "${name}" t`;
    });
  const sums = await atrium.sql<{ name: string; sum: string }>(each.join(' UNION ALL '));
  return new Map(sums.map(({ name, sum }) => [name, sum]));
}

/** Number of the newest transaction that wrote something: while it is the same, so is every table. */
async function lastWrite(): Promise<string> {
  const [row] = await atrium.sql<{ last: string }>(
    'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS last',
  );
  return row!.last;
}

test('GET and HEAD change nothing on any route, for any caller', async () => {
  const tokens = await links();
  const routes = discoverRoutes(atrium.app).filter(
    ({ method, path }) => method === 'GET' && !RECORDED[path],
  );
  expect(routes.length).toBeGreaterThan(60);
  const changed: string[] = [];
  const failed: string[] = [];
  let live = 0;
  let written = await lastWrite();
  let before = await database();
  for (const [name, person] of Object.entries(visitors)) {
    const { agent } = person?.browser ?? atrium.browser();
    for (const route of routes) {
      const address = addressOf(route, tokens);
      for (const method of ['get', 'head', 'get'] as const) {
        const call: Call = agent[method](address)
          .redirects(0)
          .ok(() => true);
        const { status } = await call;
        if (status >= 500) failed.push(`${name}: ${method} ${address}: ${status}`);
        if (status === 200 && address.includes(tokens[Object.keys(tokens)[0]!]!)) live++;
      }
      const last = await lastWrite();
      if (last === written) continue;
      written = last;
      const after = await database();
      const tables = [...after.keys()].filter((table) => before.get(table) !== after.get(table));
      if (tables.length > 0) changed.push(`${name}: ${route.path}: ${tables.join(', ')}`);
      before = after;
    }
  }
  expect([changed, failed]).toEqual([[], []]);
  expect(live).toBeGreaterThan(0);
}, 300_000);

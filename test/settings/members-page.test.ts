import pg from 'pg';
import { startApp, type TestApp } from '../support/app.js';
import { ENGINE } from '../support/database.js';
import type { Person } from '../support/people.js';

/**
 * The members page of a large organisation among many. A server is asked for 10,000 members among
 * 2,000 organisations; the embedded engine, where making them takes a minute, for a tenth.
 */
const MEMBERS = ENGINE === 'server' ? 10_000 : 1_000;
const TENANTS = ENGINE === 'server' ? 2_000 : 200;
const PER_TENANT = 10;

let atrium: TestApp;
let anna: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Large', 'anna@large.test');
  await seed();
}, 120_000);
afterAll(() => atrium.stop());

/** Every third member is inactive, every tenth an admin; names repeat and mix. */
async function seed(): Promise<void> {
  const { sql } = atrium;
  await sql(`INSERT INTO tenant (organization) SELECT 'Org ' || n FROM generate_series(1, $1) n`, [
    TENANTS,
  ]);
  await sql(
    `INSERT INTO users (email) SELECT 'p' || n || '@large.example' FROM generate_series(1, $1) n`,
    [MEMBERS - 1],
  );
  await sql(
    `INSERT INTO user_profile (user_id, display_name, tenant_id, role, tenant_joined_at, is_active)
     SELECT id, 'Person ' || (n * 7919 % 1000), $1,
       CASE WHEN n % 10 = 0 AND n % 3 <> 0 THEN 'admin' ELSE 'member' END, now(), n % 3 <> 0
     FROM (SELECT id, substr(email, 2, position('@' IN email) - 2)::int AS n FROM users
       WHERE email LIKE 'p%@large.example') people`,
    [anna.tenantId],
  );
  await sql(
    `INSERT INTO users (email) SELECT 'o' || n || '@other.example' FROM generate_series(1, $1) n`,
    [TENANTS * PER_TENANT],
  );
  await sql(
    `WITH orgs AS (SELECT id, row_number() OVER (ORDER BY organization) AS at FROM tenant
       WHERE organization LIKE 'Org %')
     INSERT INTO user_profile (user_id, display_name, tenant_id, role, tenant_joined_at)
     SELECT p.id, 'Person ' || n, orgs.id, 'admin', now()
     FROM (SELECT id, substr(email, 2, position('@' IN email) - 2)::int AS n FROM users
       WHERE email LIKE 'o%@other.example') p JOIN orgs ON orgs.at = 1 + p.n % $1`,
    [TENANTS],
  );
  await sql(
    `INSERT INTO invitation (tenant_id, email, role, invited_by_id, token_hash, expires_at)
     SELECT $1, 'i' || n || '@large.example', 'member', $2, decode(md5(n::text), 'hex'), now() + interval '1 day'
     FROM generate_series(1, 200) n`,
    [anna.tenantId, anna.userId],
  );
  for (const table of ['users', 'user_profile', 'tenant', 'invitation'])
    await sql(`ANALYZE ${table}`);
}

interface Sent {
  text: string;
  values?: unknown[];
  inIndexOrder?: boolean;
}

/** The statements one page view sends, without those that open and close its reads. */
async function statementsOf(path: string): Promise<Sent[]> {
  const sent: Sent[] = [];
  const prototype = pg.Client.prototype as unknown as { query(...given: unknown[]): unknown };
  const query = prototype.query;
  prototype.query = function (this: unknown, ...given: unknown[]) {
    const [statement] = given;
    sent.push(typeof statement === 'string' ? { text: statement } : (statement as Sent));
    return query.apply(this, given);
  };
  try {
    expect((await anna.browser.visit(path)).status).toBe(200);
  } finally {
    prototype.query = query;
  }
  const context = /set_config|^(BEGIN|COMMIT|START)|pgboss|UPDATE session/;
  return sent.filter(({ text }) => !context.test(text));
}

interface Plan {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
}

/** Most rows any one scan of the statement read, those it threw away included. */
async function rowsRead({ text, values = [], inIndexOrder }: Sent): Promise<number> {
  const client = await atrium.database.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `SELECT set_config('role', 'app_user', true), set_config('app.tenant_id', $1, true),
         set_config('app.actor_id', $2, true), set_config('enable_sort', $3, true)`,
      [anna.tenantId, anna.userId, inIndexOrder ? 'off' : 'on'],
    );
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    );
    return most(rows[0]!['QUERY PLAN'][0].Plan);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

function most(plan: Plan): number {
  const removed =
    (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  const own = plan['Node Type'].includes('Scan')
    ? (plan['Actual Rows'] + removed) * plan['Actual Loops']
    : 0;
  return Math.max(own, ...(plan.Plans ?? []).map(most));
}

const isMembers = ({ text }: Sent) => text.includes('listed_as');
const isInvitations = ({ text }: Sent) => text.includes('FROM invitation');

test.each([
  '',
  '?state=active',
  '?state=inactive',
  '?role=admin',
  '?role=member',
  '?role=admin&state=active',
  '?q=large&state=active',
  '?state=invited',
])(
  'the page %s takes at most three statements, none of which reads more than it shows',
  async (search) => {
    const first = await anna.browser.visit(`/settings/users/${search}`);
    const next = first.document.querySelector('a[rel="next"]')?.getAttribute('href');
    for (const path of [`/settings/users/${search}`, ...(next ? [next] : [])]) {
      const sent = await statementsOf(path.replaceAll('&amp;', '&'));
      expect(sent.length).toBeGreaterThan(1);
      expect(sent.length).toBeLessThanOrEqual(3);
      // With a tenth of the people the planner is right to read them all.
      if (ENGINE !== 'server') continue;
      for (const statement of sent.filter((each) => isMembers(each) || isInvitations(each))) {
        // One more than a page shows, which says whether there is a next one.
        expect(await rowsRead(statement)).toBeLessThanOrEqual(26);
      }
    }
  },
);

test('every member is on exactly one page, forwards and backwards, in one order', async () => {
  const seen: string[] = [];
  let path: string | undefined = '/settings/users/?role=admin&state=active';
  let lastPrevious: string | undefined;
  let pages = 0;
  while (path) {
    const page = await anna.browser.visit(path.replaceAll('&amp;', '&'));
    seen.push(...[...page.response.text.matchAll(/ data-member="([^"]+)"/g)].map(([, id]) => id!));
    lastPrevious = page.document.querySelector('a[rel="prev"]')?.getAttribute('href');
    path = page.document.querySelector('a[rel="next"]')?.getAttribute('href');
    pages++;
  }
  const expected = await atrium.sql<{ id: string }>(
    `SELECT id FROM user_profile WHERE tenant_id = $1 AND role = 'admin' AND is_active
     ORDER BY listed_as COLLATE "C", id`,
    [anna.tenantId],
  );
  expect(seen).toEqual(expected.map(({ id }) => id));
  expect(pages).toBe(Math.ceil(expected.length / 25));
  const back = await anna.browser.visit(lastPrevious!.replaceAll('&amp;', '&'));
  const ids = [...back.response.text.matchAll(/ data-member="([^"]+)"/g)].map(([, id]) => id!);
  expect(ids).toEqual(seen.slice((pages - 2) * 25, (pages - 1) * 25));
});

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

let atrium: TestApp;
let anna: Person;

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Large', 'anna@large.test');
  await seed();
}, 120_000);
afterAll(() => atrium.stop());

/**
 * Every third member is inactive, every twentieth of the others an admin; names repeat and mix. The other
 * organisations have one person each.
 */
async function seed(): Promise<void> {
  await people('p', '@large.example', MEMBERS - 1);
  await people('o', '@other.example', TENANTS);
  await atrium.sql(
    `INSERT INTO user_profile (user_id, display_name, tenant_id, role, tenant_joined_at, is_active)
     SELECT md5('p' || n)::uuid, 'Person ' || (n * 7919 % 1000), $2,
       CASE WHEN n % 20 = 0 AND n % 3 <> 0 THEN 'admin' ELSE 'member' END, now(), n % 3 <> 0
     FROM generate_series(1, $1) n`,
    [MEMBERS - 1, anna.tenantId],
  );
  await atrium.sql(
    `INSERT INTO tenant (id, organization) SELECT md5('org' || n)::uuid, 'Org ' || n
     FROM generate_series(1, $1) n`,
    [TENANTS],
  );
  await atrium.sql(
    `INSERT INTO user_profile (user_id, display_name, tenant_id, role, tenant_joined_at)
     SELECT md5('o' || n)::uuid, 'Person ' || n, md5('org' || n)::uuid, 'admin', now()
     FROM generate_series(1, $1) n`,
    [TENANTS],
  );
  await atrium.sql(
    `INSERT INTO invitation (tenant_id, email, role, invited_by_id, token_hash, expires_at)
     SELECT $1, 'i' || n || '@large.example', 'member', $2, decode(md5(n::text), 'hex'), now() + interval '1 day'
     FROM generate_series(1, 200) n`,
    [anna.tenantId, anna.userId],
  );
  await atrium.sql('ANALYZE');
}

async function people(initial: string, domain: string, count: number): Promise<void> {
  await atrium.sql(
    `INSERT INTO users (id, email) SELECT md5($1 || n)::uuid, $1 || n || $2
     FROM generate_series(1, $3) n`,
    [initial, domain, count],
  );
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
         set_config('app.actor_id', $2, true), set_config('enable_sort', $3, true),
         set_config('jit', 'off', true)`,
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

const unescaped = (href: string | undefined) => href?.replaceAll('&amp;', '&');

/** What the members of a page are shown as, page after page from this one on. */
async function* pagesFrom(start: string, to: 'next' | 'prev' = 'next') {
  for (let path: string | undefined = start; path;) {
    const page = await anna.browser.visit(path);
    const ids = [...page.response.text.matchAll(/ data-member="([^"]+)"/g)].map(([, id]) => id!);
    const link = (rel: 'next' | 'prev') =>
      unescaped(page.document.querySelector(`a[rel="${rel}"]`)?.getAttribute('href'));
    yield { ids, previous: link('prev') };
    path = link(to);
  }
}

test.each([
  ...['', '?state=active', '?state=inactive', '?role=admin', '?role=member', '?state=invited'],
  '?role=admin&state=active',
  // Nobody, one, everybody, and everybody of a kind.
  ...['?q=nobody', '?q=p471', '?q=P471%40large.example', '?q=person', '?q=large', '?q=p'],
  ...['?q=large&state=active', '?q=person&role=admin', '?q=large&role=admin&state=active'],
])(
  'the page %s takes at most three statements, none of which reads more than it shows',
  async (search) => {
    const first = await anna.browser.visit(`/settings/users/${search}`);
    const next = unescaped(first.document.querySelector('a[rel="next"]')?.getAttribute('href'));
    for (const path of [`/settings/users/${search}`, ...(next ? [next] : [])]) {
      const sent = await statementsOf(path);
      expect(sent.length).toBeGreaterThan(1);
      expect(sent.length <= 3 ? 'few' : sent.map(({ text }) => text)).toBe('few');
      // Of a search those few who are invited are all read.
      const isOfMany = (each: Sent) =>
        isMembers(each) || (isInvitations(each) && !search.includes('q='));
      for (const statement of sent.filter(isOfMany)) {
        // One more than a page shows, which says whether there is a next one.
        const rows = await rowsRead(statement);
        expect(rows <= 26 ? 'few' : `${path}: ${rows} rows by ${statement.text}`).toBe('few');
      }
    }
  },
);

test('of several words the one with the fewest members is followed', async () => {
  for (const search of ['large+p471', 'person+nobody', 'large.ex+person']) {
    const [members] = (await statementsOf(`/settings/users/?q=${search}`)).filter(isMembers);
    // So many are counted, at most, for each word to know which one that is.
    expect(await rowsRead(members!)).toBeLessThanOrEqual(2 * 200);
  }
});

test.each([
  ['', 'true'],
  ['&q=person', `display_name ~ '^Person'`],
  // By the first of their words that begins so; and by two words.
  ['&q=p1', `email ~ '^p1'`],
  ['&q=large+9', `display_name ~ '^Person 9'`],
])(
  'every admin%s is on exactly one page, forwards and backwards, in one order',
  async (q, condition) => {
    const path = `/settings/users/?role=admin&state=active${q}`;
    const pages = [];
    for await (const page of pagesFrom(path)) pages.push(page);
    const expected = await atrium.sql<{ id: string }>(
      `SELECT p.id FROM user_profile p JOIN users u ON u.id = p.user_id
       WHERE tenant_id = $1 AND role = 'admin' AND p.is_active AND ${condition}
       ORDER BY listed_as COLLATE "C", p.id`,
      [anna.tenantId],
    );
    const seen = pages.flatMap(({ ids }) => ids);
    const all = expected.map(({ id }) => id);
    if (q === '' || q === '&q=person') expect(seen).toEqual(all);
    else expect(seen.toSorted()).toEqual(all.toSorted());
    expect(pages.length).toBe(Math.ceil(all.length / 25));

    const back = [];
    for await (const { ids } of pagesFrom(pages.at(-1)!.previous!, 'prev')) back.unshift(...ids);
    expect(back).toEqual(seen.slice(0, back.length));
    expect(back).toHaveLength((pages.length - 1) * 25);
  },
);

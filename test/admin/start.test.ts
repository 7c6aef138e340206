import { staffRole } from '../../src/core/database/privileged/staff.role.js';
import { RecurringJobs } from '../../src/core/jobs/recurring-jobs.js';
import type { Statement } from '../../src/core/database/read-path/pipelined-read.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import { setUpApp } from '../support/factors.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let root: Person;
beforeAll(async () => {
  atrium = await startApp();
  root = await atrium.people.staff('root@atrium.test', true);
  await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());

/** The last number of a chart: today's. */
function todayIn(sight: Sight, title: string): number {
  const section = sight.document
    .querySelectorAll('section')
    .find((each) => each.querySelector('h2')?.textContent === title)!;
  const [, count] = section.querySelectorAll('tbody tr').at(-1)!.querySelectorAll('th, td');
  return Number(count!.textContent.replaceAll(',', ''));
}

/** Statements of a page besides authentication. */
async function askedBy(path: string): Promise<Statement[]> {
  const unitOfWork = atrium.app.get(UnitOfWork);
  const read = unitOfWork.read.bind(unitOfWork);
  const asked: Statement[] = [];
  unitOfWork.read = (statement, role) => {
    if (role === staffRole) asked.push(statement);
    return read(statement, role);
  };
  await root.browser.visit(path);
  unitOfWork.read = read;
  return asked;
}

test('the start page counts what happened, and each chart has a table behind it', async () => {
  await atrium.people.memberOf('Acme', 'bert@acme.test');
  await atrium.sql(`INSERT INTO pgboss.job (name, source_name, created_on, keep_until)
    SELECT 'dead-letters', 'mail', now() - interval '3 days', now() + interval '1 day' FROM generate_series(1, 4)`);
  const start = await root.browser.visit('/admin/');
  const tables = start.document.querySelectorAll('section');
  const of = (title: string) =>
    tables.find((each) => each.querySelector('h2')?.textContent === title)!;
  const today = (title: string) => of(title).querySelectorAll('tbody tr').at(-1)!.textContent;
  expect(of('Sign-ups').querySelectorAll('tbody tr')).toHaveLength(30);
  const charts = tables.filter((each) => each.querySelector('svg[viewBox]'));
  expect(charts.length).toBeGreaterThan(3);
  for (const chart of charts) expect(chart.querySelector('table tbody tr')).not.toBeNull();
  expect(today('Sign-ups')).toMatch(/3$/);
  expect(today('Active members')).toMatch(/2$/);
  expect(today('Active organisations')).toMatch(/1$/);
  expect(of('Failed jobs').textContent).toMatch(/4\s*in all/);
  expect(of('Onboarding').textContent.replace(/\s+/g, ' ')).toContain('In an organisation 2');
});

test('numbers of thirty days stand beside those of the thirty days before, in words', async () => {
  const section = async (title: string) => {
    const { document } = await root.browser.visit('/admin/');
    const found = document
      .querySelectorAll('section')
      .find((each) => each.querySelector('h2')?.textContent === title)!;
    return found.textContent.replace(/\s+/g, ' ');
  };
  expect(await section('Failed jobs')).toContain('4 more than in the 30 days before (0)');
  await atrium.sql(`INSERT INTO pgboss.job (name, source_name, created_on, keep_until)
    SELECT 'dead-letters', 'mail', now() - interval '40 days', now() + interval '1 day' FROM generate_series(1, 5) n
    UNION ALL SELECT 'dead-letters', 'mail', now() - interval '61 days', now() + interval '1 day'`);
  expect(await section('Failed jobs')).toContain('1 less (20%) than in the 30 days before (5)');
  await atrium.sql(`INSERT INTO pgboss.job (name, source_name, created_on, keep_until)
    VALUES ('dead-letters', 'mail', now() - interval '2 days', now() + interval '1 day')`);
  expect(await section('Failed jobs')).toContain('As many as in the 30 days before (5)');
  expect(await section('Active members')).toContain('than on the first of these days (0)');
});

test('the start page counts who has a second factor, and leads to them', async () => {
  const tiles = async () => {
    const { document } = await root.browser.visit('/admin/');
    const all = document.querySelectorAll('main li.panel a');
    return new Map(
      all.map((tile) => [tile.getAttribute('href'), tile.textContent.replace(/\s+/g, ' ').trim()]),
    );
  };
  const people = '/admin/users/?second_factors=with_factor';
  expect((await tiles()).get(people)).toBe('People with a second factor0');
  const carla = await atrium.people.memberOf('Acme', 'carla@acme.test');
  await setUpApp(atrium, carla);
  expect((await tiles()).get(people)).toBe('People with a second factor1');
  expect((await tiles()).get('/admin/users/?staff=staff')).toBe('Staff without a second factor1');
  const list = await root.browser.visit(people);
  expect(list.text).toContain('carla@acme.test');
  expect(list.text).not.toContain('anna@acme.test');
});

test('no statement of the start page scans a whole table of people', async () => {
  await atrium.sql(`INSERT INTO users (email, created_at)
    SELECT 'old' || n || '@many.test', '2020-01-01' FROM generate_series(1, 20000) n`);
  await atrium.sql(
    `INSERT INTO user_profile (user_id) SELECT id FROM users WHERE email LIKE 'old%'`,
  );
  await atrium.sql(`INSERT INTO session (user_id, kind, token_hash, expires_at, last_seen_at)
    SELECT id, 'browser', sha256(email::bytea), '2020-02-02', '2020-02-01' FROM users WHERE email LIKE 'old%'`);
  await atrium.sql('ANALYZE');
  const asked = await askedBy('/admin/');
  expect(asked).toHaveLength(4);
  const client = await atrium.database.owner.connect();
  const whole: string[] = [];
  let scans = 0;
  const look = (plan: Plan) => {
    const { 'Relation Name': table = '', 'Index Cond': index, 'Recheck Cond': bitmap } = plan;
    // Partial indexes hold a few people, and may be read to their end.
    const isPartial = ['idx_users_second_factors', 'idx_users_staff'].includes(
      plan['Index Name'] ?? '',
    );
    if (['users', 'user_profile', 'session'].includes(table)) {
      scans++;
      if (!index && !bitmap && !isPartial) whole.push(`${plan['Node Type']} ${table}`);
    }
    plan.Plans?.forEach(look);
  };
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL ROLE app_staff');
    for (const { text } of asked) {
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `EXPLAIN (FORMAT JSON) ${text}`,
      );
      look(rows[0]!['QUERY PLAN'][0].Plan);
    }
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
  expect(whole).toEqual([]);
  expect(scans).toBe(9);
});

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Plans?: Plan[];
}

describe('when there are too many rows to count during a request', () => {
  const kept = () => atrium.sql<{ n: number }>('SELECT 1 AS n FROM kept_figures');

  beforeAll(async () => {
    await atrium.sql(
      `INSERT INTO users (email) SELECT 'p' || n || '@many.test' FROM generate_series(1, 10000) n`,
    );
    await atrium.sql(
      `INSERT INTO user_profile (user_id) SELECT id FROM users WHERE email LIKE 'p%@many.test'`,
    );
  });

  test('a job counts every ten minutes, and the page states the time of its numbers', async () => {
    // Those of the start.
    await atrium.sql(`DELETE FROM pgboss.job WHERE name = 'statistics'`);
    await atrium.sql('DELETE FROM kept_figures');
    await atrium.app.get(RecurringJobs).addDue();
    for (let tries = 0; tries < 200 && (await kept()).length === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const first = await root.browser.visit('/admin/');
    const count = todayIn(first, 'Sign-ups');
    expect(count).toBeGreaterThan(10_000);
    expect(first.text).toContain('Counted every ten minutes. These figures are of');
    expect(first.document.querySelector('main time[datetime]')).not.toBeNull();

    await atrium.people.newcomer('late@acme.test');
    expect(todayIn(await root.browser.visit('/admin/'), 'Sign-ups')).toBe(count);
    expect(await askedBy('/admin/')).toHaveLength(1);
  });

  test('without a worker the page counts itself after an hour', async () => {
    const before = todayIn(await root.browser.visit('/admin/'), 'Sign-ups');
    await atrium.sql(`UPDATE kept_figures SET counted_at = now() - interval '61 minutes'`);
    const now = await root.browser.visit('/admin/');
    expect(todayIn(now, 'Sign-ups')).toBe(before + 1);
    expect(now.text).not.toContain('Counted every ten minutes');
    expect(await askedBy('/admin/')).toHaveLength(1);
  });
});

import { identityRole } from '../../../src/core/database/privileged/identity.role.js';
import pg from 'pg';
import { runInContext } from '../../../src/core/context/request-context.js';
import type { PrivilegedRole } from '../../../src/core/database/privileged/privileged-role.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { JobQueue } from '../../../src/core/jobs/job-queue.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Person } from '../../support/people.js';
import { staffRole } from '../../../src/core/database/privileged/staff.role.js';

let atrium: TestApp;
let anna: Person;
let gail: Person;

/** What was asked, and what was answered, in the order it happened. */
let course: string[] = [];
const original = pg.Client.prototype.query;

const NAMES: Record<string, RegExp> = {
  who: /FROM session s/,
  counts: /"memberCount"/,
  activity: /FROM audit_entry e/,
  members: /listed_as/,
  projects: /test: projects/,
};

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
  gail = await atrium.people.adminOf('Globex', 'gail@globex.example');
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const query = args[0] as { text?: string; callback?: (...given: unknown[]) => void } | null;
    const name = Object.keys(NAMES).find((each) => NAMES[each]!.test(query?.text ?? ''));
    if (name && query?.callback) {
      const { callback } = query;
      course.push(`${name}?`);
      query.callback = (...given) => {
        course.push(`${name}!`);
        callback(...given);
      };
    }
    return Reflect.apply(original, this, args) as never;
  };
});
afterAll(async () => {
  pg.Client.prototype.query = original;
  await atrium.stop();
});

async function courseOf(person: Person, path: string): Promise<string[]> {
  course = [];
  await person.browser.visit(path);
  return course;
}

const isOneRoundTrip = (steps: string[]) =>
  steps.slice(0, steps.length / 2).every((step) => step.endsWith('?'));

test('the usual reads of a page are sent together with the authentication', async () => {
  expect(isOneRoundTrip(await courseOf(anna, '/dashboard/'))).toBe(false);
  expect(isOneRoundTrip(await courseOf(anna, '/dashboard/'))).toBe(false);
  const again = await courseOf(anna, '/dashboard/');
  expect([...again].sort()).toEqual([
    'activity!',
    'activity?',
    'counts!',
    'counts?',
    'who!',
    'who?',
  ]);
  expect(isOneRoundTrip(again)).toBe(true);
  expect(again[0]).toBe('who?');
});

test('colleagues share the prefetched statements of a page; other organisations do not', async () => {
  const colleague = await atrium.people.memberOf('Acme', 'colleague@acme.example');
  const admin = await atrium.people.signedIn('anna@acme.example');
  for (const { browser } of [colleague, admin, gail]) await browser.visit('/projects/');
  expect(isOneRoundTrip(await courseOf({ ...anna, ...admin }, '/dashboard/'))).toBe(true);
  expect(isOneRoundTrip(await courseOf(gail, '/dashboard/'))).toBe(false);
  const page = await gail.browser.visit('/dashboard/');
  expect(page.text).toContain('Globex');
  expect(page.text).not.toContain('Acme');
});

test('concurrent visitors each see their own organisation', async () => {
  const crowd = await Promise.all(
    ['Acme', 'Globex', 'Initech'].map((name) =>
      atrium.people.adminOf(name, `many@${name.toLowerCase()}.example`),
    ),
  );
  await atrium.sql(
    `UPDATE user_profile p SET display_name = 'Person of ' || t.organization FROM tenant t WHERE t.id = p.tenant_id`,
  );
  const organisations = ['Acme', 'Globex', 'Initech'];
  for (let round = 0; round < 3; round++) {
    const pages = await Promise.all(
      [...crowd, ...crowd, ...crowd].map(({ browser }) => browser.visit('/settings/users/')),
    );
    pages.forEach((page, index) => {
      for (const [which, name] of organisations.entries()) {
        expect(page.text.includes(`Person of ${name}`)).toBe(which === index % 3);
      }
    });
  }
});

test('a person who lost access sees nothing of the organisation', async () => {
  await atrium.people.adminOf('Access', 'owner@access.example');
  const { browser, userId } = await atrium.people.adminOf('Access', 'leaver@access.example');
  for (let visit = 0; visit < 2; visit++) await browser.visit('/settings/users/');
  expect((await browser.visit('/settings/users/')).text).toContain('owner@access');
  const lose = (change: string) =>
    atrium.sql(`UPDATE user_profile SET ${change} WHERE user_id = $1`, [userId]);

  await lose(`role = 'member'`);
  const refused = await browser.visit('/settings/users/');
  expect(refused.status).not.toBe(200);
  expect(refused.text).not.toContain('owner@access');

  await lose('is_active = false');
  const revoked = await browser.visit('/dashboard/');
  expect(revoked.status).not.toBe(200);

  await atrium.sql('UPDATE session SET ended_at = now() WHERE user_id = $1', [userId]);
  const gone = await browser.visit('/settings/users/');
  expect([gone.status, gone.text]).toEqual([302, expect.not.stringContaining('owner@access')]);
});

test('a page shows a change made just before', async () => {
  for (let visit = 0; visit < 3; visit++) await anna.browser.visit('/projects/');
  await anna.browser.visit('/projects/new/');
  await anna.browser.submit('/projects/new/', { name: 'Brand new' });
  expect((await anna.browser.visit('/projects/')).text).toContain('Brand new');
});

/** A request that shows Anna's token, is somebody's, does something, and reads how many projects there are. */
function readsProjects(
  between?: () => Promise<unknown>,
  role?: PrivilegedRole,
  { tenantId, userId } = anna,
): Promise<number> {
  const unitOfWork = atrium.app.get(UnitOfWork);
  const scope = { pageVisit: { address: `/test/${role?.name}/` }, tenantId, actorId: userId };
  return runInContext(scope, async () => {
    const who = { name: 'test-who', text: 'SELECT 1 /* FROM session s */' };
    await unitOfWork.readVisitor('anna', who, identityRole);
    await between?.();
    const [row] = await unitOfWork.read<{ n: number }>(
      {
        name: `test-projects-${role?.name}`,
        text: 'SELECT count(*)::int AS n FROM project /* test: projects */',
      },
      role,
    );
    return row!.n;
  });
}

test('reads after a write in the same request see the write', async () => {
  for (let visit = 0; visit < 3; visit++) await readsProjects();
  course = [];
  const before = await readsProjects();
  expect(course.slice(0, 2)).toEqual(['who?', 'projects?']);
  const add = () =>
    atrium.app
      .get(UnitOfWork)
      .run(() =>
        atrium.app
          .get(UnitOfWork)
          .query(
            `INSERT INTO project (tenant_id, name, status, version) VALUES ($1, 'Since', 'planned', 1)`,
            [anna.tenantId],
          ),
      );
  expect(await readsProjects(add)).toBe(before + 1);
});

test('prefetched rows of one organisation are never used for another', async () => {
  for (let visit = 0; visit < 3; visit++) expect(await readsProjects()).toBeGreaterThan(0);
  expect(await readsProjects(undefined, undefined, gail)).toBe(0);
});

test('reads of privileged roles are never prefetched', async () => {
  for (let visit = 0; visit < 4; visit++) {
    course = [];
    await readsProjects(undefined, staffRole);
    expect(course).toEqual(['who?', 'who!', 'projects?', 'projects!']);
  }
});

test('a statement that is not used is no longer prefetched', async () => {
  const { browser } = await atrium.people.adminOf('Useless', 'admin@useless.example');
  const member = await atrium.people.memberOf('Useless', 'member@useless.example');
  for (let visit = 0; visit < 60; visit++) await browser.visit('/settings/users/');
  await atrium.sql(`UPDATE user_profile SET role = 'admin' WHERE user_id = $1`, [member.userId]);
  await member.browser.visit('/dashboard/');
  await atrium.sql(`UPDATE user_profile SET role = 'member' WHERE user_id = $1`, [member.userId]);
  const asked = async () => (await courseOf(member, '/settings/users/')).includes('members?');
  expect(await asked()).toBe(true);
  for (let visit = 0; visit < 120; visit++) await member.browser.visit('/settings/users/');
  expect(await asked()).toBe(false);
}, 60_000);

test('the visited URL, which may contain a token, is not written into jobs', async () => {
  await runInContext({ pageVisit: { address: '/password-reset/once-only/' } }, () =>
    atrium.app
      .get(UnitOfWork)
      .run(() =>
        atrium.app.get(JobQueue).enqueue('password_reset', { email: 'nobody@acme.example' }),
      ),
  );
  const jobs = await atrium.sql<{ data: string }>(`SELECT data::text FROM pgboss.job`);
  expect(jobs.some(({ data }) => data.includes('nobody@acme.example'))).toBe(true);
  expect(jobs.filter(({ data }) => data.includes('once-only'))).toEqual([]);
});

import { sharedActions } from '../../src/audit/audit-actions.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

const PATH = '/settings/activity/';

let atrium: TestApp;
let anna: Person;
let ben: Person;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  ben = await atrium.people.memberOf('Acme', 'ben@acme.test');
});
afterAll(() => atrium.stop());
beforeEach(() => atrium.sql('TRUNCATE audit_entry, audit_head'));

const sentences = (sight: Sight) =>
  sight.document
    .querySelectorAll('main summary > span:nth-child(2)')
    .map((each) => each.textContent.trim());

async function add(person: Person, name: string): Promise<string> {
  const answer = await person.browser.fill('/projects/new/', { name });
  return answer.location!;
}

async function promoteBen(): Promise<void> {
  await anna.browser.visit('/settings/users/');
  for (const role of ['admin', 'member']) {
    const values = { action: 'set_role', profile_id: ben.profileId, role };
    await anna.browser.post('/settings/users/', values);
  }
}

async function inLanguage(browser: Browser, language: string): Promise<void> {
  await browser.visit('/dashboard/');
  await browser.submit('/i18n/setlang/', { language });
}

test('an admin sees who did what, with what was before and after, and from where', async () => {
  expect((await anna.browser.visit(PATH)).text).toContain('Nothing has happened yet');
  anna.browser.with('user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0');
  await promoteBen();
  await add(ben, 'Roof <b>');
  const sight = await anna.browser.visit(PATH);
  expect(sentences(sight)).toEqual([
    'Ben added the project “Roof <b>”',
    'Anna made Ben a member',
    'Anna made Ben an admin',
  ]);
  const details = sight.document.querySelectorAll('main details')[2]!.querySelector('dl')!;
  expect(details.textContent.replace(/\s+/g, ' ')).toMatch(
    /Role before: Member after: Admin Address ?127\.0\.0\.1 Device ?Firefox on Linux Request ?[\w-]{36}/,
  );
  expect(sight.at('nav [aria-current="page"]')).toBeTruthy();
});

test('in the language of the reader', async () => {
  await promoteBen();
  await add(ben, 'Toit');
  const reader = await atrium.people.adminOf('Acme', 'luc@acme.test');
  await atrium.sql(`DELETE FROM audit_entry WHERE actor_name = 'Luc'`);
  for (const [language, expected] of [
    ['fr-be', ['Ben a ajouté le projet «\u00a0Toit\u00a0»', 'Anna a nommé Ben administrateur']],
    ['nl-be', ['Ben heeft het project ‘Toit’ toegevoegd', 'Anna heeft Ben beheerder gemaakt']],
  ] as const) {
    await inLanguage(reader.browser, language);
    await atrium.sql(`DELETE FROM audit_entry WHERE actor_name = 'Luc'`);
    const [first, , third] = sentences(await reader.browser.visit(PATH));
    expect([first, third]).toEqual(expected);
  }
});

test('is for admins, and never shows another organisation’s', async () => {
  await add(ben, 'Secret plan of Acme');
  expect((await ben.browser.visit(PATH)).status).toBe(403);
  expect((await ben.browser.visit('/settings/activity.csv')).status).toBe(403);
  const gus = await atrium.people.adminOf('Globex', 'gus@globex.test');
  for (const path of [PATH, `${PATH}?person=${ben.userId}`, '/settings/activity.csv']) {
    const seen = await gus.browser.visit(path);
    expect([seen.status, seen.response.text.includes('Secret plan')]).toEqual([200, false]);
  }
  expect((await gus.browser.visit('/dashboard/')).text).not.toContain('Secret plan');
});

describe('filters', () => {
  beforeEach(async () => {
    await promoteBen();
    await add(ben, 'Roof');
    // 2 March in Brussels, 1 March in London.
    await atrium.sql(`UPDATE audit_entry SET at = '2026-03-01T23:30:00Z' WHERE position = 1`);
  });

  test.each([
    ['person', () => `person=${ben.userId}`, ['Ben added the project “Roof”']],
    ['kind', () => 'kind=projects', ['Ben added the project “Roof”']],
    ['both', () => `kind=projects&person=${anna.userId}`, []],
    ['period', () => 'from=2026-03-02&to=2026-03-02', ['Anna made Ben an admin']],
    ['period of another day', () => 'from=2026-03-01&to=2026-03-01', []],
  ])('by %s', async (_, search, expected) => {
    await atrium.sql(
      `UPDATE user_profile SET timezone_id = (SELECT id FROM timezone WHERE name = 'Europe/Brussels')
       WHERE user_id = $1`,
      [anna.userId],
    );
    const sight = await anna.browser.visit(`${PATH}?${search()}`);
    expect(sentences(sight)).toEqual(expected);
    if (expected.length === 0) expect(sight.text).toContain('Nothing found');
    const asked = Object.fromEntries(new URLSearchParams(search()));
    for (const [name, value] of Object.entries(asked)) expect(sight.value(name)).toBe(value);
  });

  test.each(['person=x', 'kind=x', 'from=2026-02-30', 'to=0000-00-00', 'from=%00', 'x[]=1'])(
    'that make no sense are not asked: %s',
    async (search) => {
      expect(sentences(await anna.browser.visit(`${PATH}?${search}`))).toHaveLength(3);
    },
  );

  test('a forged cursor is refused', async () => {
    expect((await anna.browser.visit(`${PATH}?page=abc`)).status).toBe(400);
  });
});

test('long trails are paged and keep their filters', async () => {
  await add(ben, 'Roof');
  await atrium.sql(
    `INSERT INTO audit_entry (tenant_id, position, actor_kind, actor_id, actor_name, action,
       subject_kind, subject_name, at, previous_hash, hash)
     SELECT tenant_id, 1 + i, 'person', actor_id, 'Ben', 'project.changed', 'project', 'No ' || i,
       '2026-01-01'::timestamptz - i * interval '1 minute', hash, hash
     FROM audit_entry, generate_series(1, 119) i`,
  );
  const seen: string[] = [];
  let path: string | undefined = `${PATH}?kind=projects`;
  while (path) {
    const sight: Sight = await anna.browser.visit(path);
    seen.push(...sentences(sight));
    path = sight.document
      .querySelector('a[rel="next"]')
      ?.getAttribute('href')
      ?.replaceAll('&amp;', '&');
    if (path) expect(path).toContain('kind=projects');
  }
  expect(seen).toHaveLength(120);
  expect(new Set(seen).size).toBe(120);
  expect(seen.at(-1)).toContain('No 119');
});

test('the CSV contains the filtered entries and no formulas', async () => {
  await add(ben, '=HYPERLINK("http://evil.test")');
  await add(ben, 'Dak, "nieuw"\u2028x');
  await add(anna, 'Other');
  await atrium.sql(`UPDATE audit_entry SET at = '2026-03-01T23:30:00Z' WHERE position = 1`);
  const { response } = await anna.browser.visit(`/settings/activity.csv?person=${ben.userId}`);
  expect(response.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.get('content-disposition')).toContain('attachment');
  const lines = response.text.split('\r\n');
  expect(lines[0]).toMatch(/^\uFEFF"Time \(Europe\/Brussels\)","Who","What happened"/);
  expect(lines).toHaveLength(4);
  expect(lines[1]).toContain('"Dak, ""nieuw"" x"');
  expect(lines[2]).toMatch(/^"2026-03-02 00:30:00","Ben","Ben added the project /);
  expect(lines[2]).toContain(`"'=HYPERLINK(""http://evil.test"")"`);
  expect(lines[3]).toBe('');
});

test('a long CSV is complete', async () => {
  await add(ben, 'Roof');
  await atrium.sql(
    `INSERT INTO audit_entry (tenant_id, position, actor_kind, action, subject_kind, at, previous_hash, hash)
     SELECT tenant_id, 1 + i, 'person', 'project.changed', 'project',
       '2026-01-01'::timestamptz - i * interval '1 minute', hash, hash
     FROM audit_entry, generate_series(1, 2500) i`,
  );
  const { response } = await anna.browser.visit('/settings/activity.csv');
  expect(response.text.split('\r\n')).toHaveLength(1 + 2501 + 1);
});

test('members see shared actions on the dashboard, and a project’s history on its page', async () => {
  const path = await add(anna, 'Roof');
  await anna.browser.fill(`${path}edit/`, { name: 'New roof' });
  await add(anna, 'Shed');
  await atrium.people.signedIn('ben@acme.test');
  const dashboard = (await ben.browser.visit('/dashboard/')).at(
    '[aria-labelledby="activity-title"]',
  );
  expect(dashboard).toMatch(/Shed.*changed the project “New roof”.*added the project “Roof”/);
  expect(dashboard).not.toContain('logged in');
  const project = (await ben.browser.visit(path)).at('[aria-labelledby="activity-title"]');
  expect(project).toMatch(/Anna changed the project “New roof”.*Anna added the project “Roof”/);
  expect(project).not.toContain('Shed');
});

test('the index of shared actions covers all of them', async () => {
  const [row] = await atrium.sql<{ predicate: string }>(
    `SELECT pg_get_expr(indpred, indrelid) AS predicate FROM pg_index
     WHERE indexrelid = 'idx_audit_entry_shared'::regclass`,
  );
  const held = [...row!.predicate.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, action]) => action!);
  expect(held.sort()).toEqual(sharedActions().sort());
});

test('invited addresses are shown in full to admins and staff, and masked to members', async () => {
  await anna.browser.visit('/settings/users/');
  await anna.browser.submit('/settings/users/', { email: 'nele@ketje.test', role: 'member' });
  for (const path of [PATH, '/dashboard/']) {
    expect((await anna.browser.visit(path)).text).toContain('Anna invited nele@ketje.test');
  }
  const seen = await ben.browser.visit('/dashboard/');
  expect(seen.text).toContain('Anna invited n…\u2060@ketje.test');
  const [invitation] = await atrium.sql<{ id: string }>(
    `SELECT id FROM invitation WHERE email = 'nele@ketje.test'`,
  );
  const helper = await atrium.people.staff('helper@atrium.test');
  const timeline = await helper.browser.visit(`/admin/invitations/${invitation!.id}/`);
  expect(timeline.at('.admin-timeline')).toContain('Anna invited nele@ketje.test');
  // What is kept for good is masked.
  const [entry] = await atrium.sql(`SELECT subject_name FROM audit_entry WHERE subject_id = $1`, [
    invitation!.id,
  ]);
  expect(entry).toEqual({ subject_name: 'n…@ketje.test' });
});

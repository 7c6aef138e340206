import { RoundTrips } from '../support/round-trips.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
let bob: Person;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await atrium.people.memberOf('Acme', 'bob@acme.test');
});
afterAll(() => atrium.stop());
afterEach(() => atrium.sql('DELETE FROM project'));

const LIST = '/projects/?sort=newest';

const add = async (name: string, values: Record<string, string> = {}) =>
  (await anna.browser.fill('/projects/new/', { name, ...values })).location!;

const statuses = async () =>
  (await atrium.sql<{ status: string }>('SELECT status FROM project ORDER BY name')).map(
    ({ status }) => status,
  );

/** Chooses a status in the list, as a browser without script does too. */
const choose = async ({ browser }: Person, path: string, status: string, list = LIST) => {
  await browser.visit(list);
  // The address at which the server is asked here.
  browser.with('host', 'atrium.test').with('referer', `http://atrium.test${list}`);
  const answer = await browser.submit(`${path}set/`, { status });
  expect([answer.status, answer.location]).toEqual([303, list]);
  return browser.follow(answer);
};

const undo = async ({ browser }: Person, path: string) =>
  browser.follow(await browser.submit(`${path}undo/`));

test('a status is changed in the list, which stays as it was open, and one click takes it back', async () => {
  const path = await add('Roof', { description: 'Slate', due_date: '2027-03-01' });
  const changed = await choose(anna, path, 'done');
  expect(changed.at('[data-notices]')).toContain('The change has been saved.');
  expect(changed.at('tbody td')).toContain('Done');
  const undone = await undo(anna, path);
  expect(undone.at('[data-notices]')).toContain('The change has been undone.');
  const rows = await atrium.sql('SELECT name, description, status, version FROM project');
  expect(rows).toEqual([{ name: 'Roof', description: 'Slate', status: 'planned', version: 3 }]);
  const trail = (await anna.browser.visit('/settings/activity/')).at('main');
  expect(trail).toMatch(/before: Done.*after: Planned.*before: Planned.*after: Done/);
});

test('an undo does not take back what somebody else has changed since', async () => {
  const path = await add('Roof');
  await choose(anna, path, 'done');
  await choose(bob, path, 'active');
  const late = await undo(anna, path);
  expect(late.at('[data-notices]')).toContain('Nothing was undone');
  expect(await statuses()).toEqual(['active']);
});

test('an undo works once, in one tab of two', async () => {
  const path = await add('Roof');
  await choose(anna, path, 'done');
  await undo(anna, path);
  await choose(anna, path, 'active');
  const again = await anna.browser.post(`${path}undo/`, { status: 'planned', version: '2' });
  expect(again.status).toBe(303);
  expect((await anna.browser.follow(again)).at('[data-notices]')).toContain('Nothing was undone');
  expect(await statuses()).toEqual(['active']);
});

test('the status that a project has already changes nothing and is not recorded', async () => {
  const path = await add('Roof');
  const list = await choose(anna, path, 'planned');
  expect(list.at('[data-notices]')).not.toContain('has been saved');
  expect(await atrium.sql('SELECT version FROM project')).toEqual([{ version: 1 }]);
});

test('a word that is no status, and fields that are not changed in place, change nothing', async () => {
  const path = await add('Roof');
  const wrong = await choose(anna, path, 'abandoned');
  expect(wrong.at('[data-notices]')).toContain('Choose one of the options.');
  for (const values of [
    { name: 'Cellar' },
    { owner_id: bob.profileId },
    {},
    { status: 'done', version: 'x' },
    { status: 'done', version: '99999999999999999999' },
    { 'status[]': 'done' },
  ]) {
    expect((await anna.browser.post(`${path}set/`, values)).status).toBe(303);
  }
  expect(await atrium.sql('SELECT name, status, owner_id FROM project')).toEqual([
    { name: 'Roof', status: 'planned', owner_id: null },
  ]);
  const other = await anna.browser.post(`/projects/${crypto.randomUUID()}/set/`, {
    status: 'done',
  });
  expect(other.status).toBe(404);
});

test('the list returns to itself only, whatever page a form claims to be sent from', async () => {
  const path = await add('Roof');
  anna.browser.with('referer', 'https://evil.test/projects/');
  const answer = await anna.browser.post(`${path}set/`, { status: 'done' });
  expect([answer.status, answer.location]).toEqual([303, path]);
});

test('of two people who choose at once the choices are kept in turn, each with its entry', async () => {
  const path = await add('Roof');
  const sent = await Promise.all(
    [anna, bob, anna, bob].map(({ browser }, at) =>
      browser.post(`${path}set/`, { status: ['active', 'done'][at % 2]! }),
    ),
  );
  expect(sent.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
  const [{ version }] = (await atrium.sql('SELECT version FROM project')) as [{ version: number }];
  expect(version).toBeGreaterThan(1);
  const entries = await atrium.sql(
    `SELECT FROM audit_entry WHERE action = 'project.changed' AND subject_id = $1`,
    [path.split('/')[2]],
  );
  expect(entries).toHaveLength(version - 1);
});

test('a choice is saved in four round trips', async () => {
  const path = await add('Roof');
  await anna.browser.visit(LIST);
  const counter = new RoundTrips();
  counter.begin(atrium.server);
  const trips = await counter.of(() => anna.browser.submit(`${path}set/`, { status: 'done' }));
  counter.end();
  // Who asks; BEGIN and locked row; change; webhook event, entry and COMMIT.
  expect(trips).toHaveLength(4);
});

test('the foot of the list counts what it finds, in words', async () => {
  const foot = async (path: string) => (await anna.browser.visit(path)).at('tfoot');
  await add('Roof');
  expect(await foot('/projects/')).toBe('1 project');
  await atrium.sql(
    `INSERT INTO project (tenant_id, name, status, version)
      SELECT tenant_id, 'Wall ' || n, CASE WHEN n > 20 THEN 'done' ELSE 'active' END, 1
      FROM project, generate_series(1, 1199) n`,
  );
  expect(await foot('/projects/')).toBe('1,200 projects');
  expect(await foot('/projects/?status=active')).toBe('20 projects');
  expect(await foot('/projects/?q=wall+119')).toBe('11 projects');
  const second = (await anna.browser.visit('/projects/')).document
    .querySelector('a[rel="next"]')!
    .getAttribute('href')!;
  expect(await foot(second.replaceAll('&amp;', '&'))).toBe('1,200 projects');
  await atrium.sql(
    `INSERT INTO project (tenant_id, name, status, version)
      SELECT tenant_id, 'House ' || n, 'planned', 1 FROM project, generate_series(1, 10) n`,
  );
  expect(await foot('/projects/')).toBe('10,000+ projects');
  await anna.browser.post('/i18n/setlang/', { language: 'fr-be' });
  expect(await foot('/projects/?status=active')).toBe('20 projets');
});

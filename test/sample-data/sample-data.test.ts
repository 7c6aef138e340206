import { RoundTrips } from '../support/round-trips.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web', BILLING_PROVIDER: 'sandbox' });
});
afterAll(() => atrium.stop());

let made = 0;
/** An admin of an organisation that has just been created. */
const newAdmin = () => {
  const name = `New ${++made}`;
  return atrium.people.adminOf(name, `admin${made}@new.test`);
};

const add = ({ browser }: Person) => browser.press('/sample-data/');
const remove = async ({ browser }: Person) => {
  await browser.visit('/sample-data/');
  return browser.submit('/sample-data/remove/');
};

const rowsOf = <T>(table: string, { tenantId }: Person, columns = 'id') =>
  atrium.sql<T>(`SELECT ${columns} FROM ${table} WHERE tenant_id = $1 ORDER BY created_at, id`, [
    tenantId,
  ]);
const countOf = async (table: string, person: Person) => (await rowsOf(table, person)).length;
const namesOf = async (person: Person) =>
  (await rowsOf<{ name: string }>('project', person, 'name')).map(({ name }) => name);

const LANGUAGES = [
  ['en', 'New website', 'Customer survey'],
  ['nl', 'Nieuwe website', 'Klantenbevraging'],
  ['fr', 'Nouveau site web', 'Enquête auprès des clients'],
];

test.each(LANGUAGES)(
  'an admin adds sample data in the language of the page (%s)',
  async (language, website, survey) => {
    const ann = await newAdmin();
    ann.browser.with('Accept-Language', language);
    const answer = await ann.browser.follow(await add(ann));
    expect(answer.at('main h1')).toContain('Admin');
    expect(await namesOf(ann)).toEqual(expect.arrayContaining([website, survey]));
    const list = await ann.browser.visit('/projects/');
    for (const name of [website, survey]) expect(list.text).toContain(name);
  },
);

test('the examples are of the person, around today, in each status, and with comments in their order', async () => {
  const ann = await newAdmin();
  await add(ann);
  const rows = await rowsOf<{ status: string; due: number | null; owner: string }>(
    'project',
    ann,
    `status, owner_id AS owner, due_date - (now() AT TIME ZONE 'UTC')::date AS due`,
  );
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['planned', 'active', 'done']));
  expect(new Set(rows.map(({ owner }) => owner))).toEqual(new Set([ann.profileId]));
  const isOpen = rows.filter(({ status }) => status !== 'done');
  expect(isOpen.some(({ due }) => due! < 0)).toBe(true);
  expect(isOpen.some(({ due }) => due! > 0)).toBe(true);
  const list = await ann.browser.visit('/projects/?q=website');
  const path = list.document.querySelector('tbody a')!.getAttribute('href')!;
  const page = await ann.browser.visit(path);
  const texts = page.document.querySelectorAll('[id^="comment-"] p').map((each) => each.text);
  expect(texts.join()).toMatch(/texts are final.*photographer/s);
  // The dashboard shows what is due.
  expect((await ann.browser.visit('/dashboard/')).text).toContain('Customer survey');
});

test('the offer says what is added, stands on the dashboard and below an empty list, and goes when it was taken', async () => {
  const ann = await newAdmin();
  const isOffered = async (path: string) =>
    (await ann.browser.visit(path)).document.querySelector('form[action="/sample-data/"]') !== null;
  expect(await isOffered('/dashboard/')).toBe(true);
  expect(await isOffered('/projects/')).toBe(true);
  const page = await ann.browser.visit('/sample-data/');
  expect(page.at('dl')).toMatch(/Projects\s*6\s*Comments\s*4/);
  expect(page.text).toContain('Nobody is notified or mailed');
  expect(page.text).toContain('do not count towards your plan');
  await ann.browser.visit('/projects/');
  const added = await ann.browser.submit('/sample-data/');
  expect(added.location).toBe('/projects/');
  const list = await ann.browser.follow(added);
  expect(list.text).toContain('10 examples have been added.');
  expect(await isOffered('/dashboard/')).toBe(false);
});

test('pages with examples say so, to admins with the way to remove them', async () => {
  const ann = await newAdmin();
  await add(ann);
  const bob = await atrium.people.memberOf(`New ${made}`, `bob${made}@new.test`);
  for (const path of ['/dashboard/', '/projects/', '/projects/new/']) {
    const note = (person: Person) =>
      person.browser.visit(path).then((page) => page.document.querySelector('[data-sample-data]'));
    expect((await note(ann))!.querySelector('a')!.getAttribute('href')).toBe('/sample-data/');
    expect((await note(bob))!.querySelector('a')).toBeNull();
  }
  expect((await ann.browser.visit('/settings/general/')).text).not.toContain('sample data');
  await remove(ann);
  for (const person of [ann, bob]) {
    expect((await person.browser.visit('/projects/')).text).not.toContain('what you see here is');
  }
});

test('removal takes all of it away, deleted examples too, and nothing else', async () => {
  const ann = await newAdmin();
  await ann.browser.fill('/projects/new/', { name: 'My own' });
  await add(ann);
  const list = await ann.browser.visit('/projects/?q=energy');
  const path = list.document.querySelector('tbody a')!.getAttribute('href')!;
  await ann.browser.visit(path);
  await ann.browser.submit(`${path}delete/`);
  const done = await ann.browser.follow(await remove(ann));
  expect(done.text).toContain('10 examples have been removed.');
  expect(await namesOf(ann)).toEqual(['My own']);
  expect([await countOf('comment', ann)]).toEqual([0]);
  expect(await atrium.sql('SELECT FROM sample_row WHERE tenant_id = $1', [ann.tenantId])).toEqual(
    [],
  );
  // It can be added once more.
  await add(ann);
  expect(await countOf('project', ann)).toBe(7);
});

test('what somebody has changed or added to stays, is named before, and is like any other then', async () => {
  const ann = await newAdmin();
  await add(ann);
  const paths = async (q: string) =>
    (await ann.browser.visit(`/projects/?q=${q}`)).document
      .querySelector('tbody a')!
      .getAttribute('href')!;
  const website = await paths('website');
  await ann.browser.fill(`${website}edit/`, { name: 'Our website' });
  const office = await paths('office');
  await ann.browser.visit(office);
  const about = `/comments/on/project/${office.split('/')[2]}/`;
  await ann.browser.submit(about, { text: 'I am there at eight.' });
  const question = await ann.browser.visit('/sample-data/');
  expect(question.text).toContain('2 examples stay');
  const named = question.document.querySelectorAll('main li').map((each) => each.text);
  expect(named).toEqual(['Move to the new office (Projects)', 'Our website (Projects)']);
  const done = await ann.browser.follow(await remove(ann));
  expect(done.text).toContain('8 examples have been removed. What somebody had changed stays.');
  expect((await namesOf(ann)).sort()).toEqual(['Move to the new office', 'Our website']);
  const texts = await rowsOf<{ text: string }>('comment', ann, 'text');
  expect(texts).toEqual([{ text: 'I am there at eight.' }]);
  // A second removal has nothing to do with them.
  await add(ann);
  await remove(ann);
  expect(await countOf('project', ann)).toBe(2);
});

test('a comment that was changed keeps the row it is about', async () => {
  const ann = await newAdmin();
  await add(ann);
  const [comment] = await atrium.sql<{ id: string; subject_id: string }>(
    `SELECT id, subject_id FROM comment WHERE tenant_id = $1 AND text LIKE 'We get the keys%'`,
    [ann.tenantId],
  );
  await ann.browser.fill(`/comments/${comment!.id}/edit/`, { text: 'We got the keys.' });
  await remove(ann);
  expect(await rowsOf<{ id: string }>('project', ann)).toEqual([{ id: comment!.subject_id }]);
  expect(await rowsOf<{ id: string }>('comment', ann)).toEqual([{ id: comment!.id }]);
});

test('two tabs and two admins at once add them once, and remove them once', async () => {
  const ann = await newAdmin();
  const bea = await atrium.people.adminOf(`New ${made}`, `bea${made}@new.test`);
  await Promise.all([ann, bea, ann, bea].map(({ browser }) => browser.post('/sample-data/')));
  expect(await countOf('project', ann)).toBe(6);
}, 30_000);

test('adding and removing are one entry of the trail each; no webhook is sent, nobody is told', async () => {
  const ann = await newAdmin();
  await atrium.people.memberOf(`New ${made}`, `cas${made}@new.test`);
  const endpoint = {
    url: 'https://hooks.example.invalid/all',
    events: 'project.created',
    description: 'All',
  };
  expect((await ann.browser.fill('/settings/webhooks/new/', endpoint)).status).toBeLessThan(400);
  await ann.browser.fill('/projects/new/', { name: 'Told' });
  const events = () => atrium.sql('SELECT FROM webhook_event WHERE tenant_id = $1', [ann.tenantId]);
  expect(await events()).toHaveLength(1);
  await add(ann);
  await remove(ann);
  const entries = await atrium.sql<{ action: string; changes: object }>(
    `SELECT action, changes FROM audit_entry WHERE tenant_id = $1 AND action !~ '^session'
     ORDER BY position`,
    [ann.tenantId],
  );
  const told = entries.filter(({ action }) =>
    /^(sample_data|comment|project\.deleted)/.test(action),
  );
  expect(told).toEqual([
    { action: 'sample_data.added', changes: { sample_rows: { from: null, to: 10 } } },
    { action: 'sample_data.removed', changes: { sample_rows: { from: 10, to: null } } },
  ]);
  expect(await events()).toHaveLength(1);
  const notifications = await atrium.sql('SELECT FROM notification WHERE tenant_id = $1', [
    ann.tenantId,
  ]);
  expect(notifications).toEqual([]);
  const activity = await ann.browser.visit('/settings/activity/');
  expect(activity.text).toMatch(/Admin\d+ added sample data/);
  expect(activity.text).toMatch(/Admin\d+ removed the sample data/);
});

test('examples do not count towards the plan until somebody changes them', async () => {
  const ann = await newAdmin();
  await add(ann);
  for (let number = 1; number <= 5; number++) {
    const own = await ann.browser.fill('/projects/new/', { name: `Own ${number}` });
    expect(own.status).toBe(303);
  }
  expect((await ann.browser.fill('/projects/new/', { name: 'Own 6' })).status).toBe(402);
  await atrium.sql(`UPDATE project SET deleted_at = now() WHERE name = 'Own 5'`);
  const list = await ann.browser.visit('/projects/?q=handbook');
  const path = list.document.querySelector('tbody a')!.getAttribute('href')!;
  await ann.browser.fill(`${path}edit/`, { name: 'Handbook' });
  expect((await ann.browser.fill('/projects/new/', { name: 'Own 7' })).status).toBe(402);
});

test('examples do not tick the checklist', async () => {
  const ann = await newAdmin();
  const progress = async () =>
    (await ann.browser.visit('/dashboard/')).at('[aria-labelledby="checklist-title"]');
  expect(await progress()).toContain('0 of 5 done');
  await add(ann);
  expect(await progress()).toContain('0 of 5 done');
});

test('members are refused, and offered nothing', async () => {
  const ann = await newAdmin();
  const bob = await atrium.people.memberOf(`New ${made}`, `bob${made}@new.test`);
  expect((await bob.browser.visit('/sample-data/')).status).toBe(403);
  expect((await bob.browser.post('/sample-data/')).status).toBe(403);
  expect((await bob.browser.visit('/projects/')).text).not.toContain('Add sample data');
  await add(ann);
  expect((await bob.browser.post('/sample-data/remove/')).status).toBe(403);
  expect(await countOf('project', ann)).toBe(6);
});

test('an organisation that is not new, closed or read-only gets none', async () => {
  const ann = await newAdmin();
  const now = (set: string) => atrium.sql(`UPDATE tenant SET ${set} WHERE id = $1`, [ann.tenantId]);
  await atrium.sql('ALTER TABLE tenant DISABLE TRIGGER stamp_audit');
  await now(`created_at = now() - interval '31 days'`);
  const refused = await ann.browser.follow(await ann.browser.post('/sample-data/'));
  expect(refused.at('[role="alert"]')).toContain('only be added during the first 30 days');
  await now('created_at = now()');
  await atrium.sql('ALTER TABLE tenant ENABLE TRIGGER stamp_audit');
  await now(`access_state = 'read_only', plan_key = 'team', plan_version = 1`);
  expect((await ann.browser.post('/sample-data/')).status).toBe(402);
  await now(`access_state = 'free', plan_key = NULL, plan_version = NULL`);
  await now(`closing_since = now(), closing_notice = 30, erase_at = now() + interval '30 days'`);
  expect((await ann.browser.post('/sample-data/')).status).toBe(403);
  expect(await countOf('project', ann)).toBe(0);
});

test('the examples of another organisation stay as they are', async () => {
  const [ann, bea] = [await newAdmin(), await newAdmin()];
  await add(ann);
  await add(bea);
  const before = await rowsOf('project', bea, '*');
  await remove(ann);
  expect([await countOf('project', ann), await countOf('comment', ann)]).toEqual([0, 0]);
  expect(await rowsOf('project', bea, '*')).toEqual(before);
  expect(await countOf('comment', bea)).toBe(4);
});

test('where projects are switched off none are added, and nothing is offered', async () => {
  const ann = await newAdmin();
  const { withoutFlag } = await import('../support/flags.js');
  await withoutFlag(atrium, 'projects', async () => {
    expect((await ann.browser.visit('/dashboard/')).text).not.toContain('Add sample data');
    await ann.browser.post('/sample-data/');
    expect(await countOf('comment', ann)).toBe(0);
  });
});

test('they are added in a few round trips, however many they are', async () => {
  const ann = await newAdmin();
  await ann.browser.visit('/sample-data/');
  const trips = new RoundTrips();
  trips.begin(atrium.app.getHttpServer());
  try {
    const added = await trips.of(() => ann.browser.submit('/sample-data/'));
    expect(added.length).toBeLessThanOrEqual(7);
    await ann.browser.visit('/sample-data/');
    const removed = await trips.of(() => ann.browser.submit('/sample-data/remove/'));
    expect(removed.length).toBeLessThanOrEqual(9);
  } finally {
    trips.end();
  }
});

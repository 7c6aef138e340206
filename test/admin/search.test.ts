import { BackOffice } from '../../src/core/back-office/back-office.js';
import { fewStatement, listStatement } from '../../src/core/back-office/record-statements.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let root: Person;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  root = await atrium.people.staff('root@atrium.test', true);
  anna = await atrium.people.adminOf('Brasserie Élysée', 'anna.claes@brasserie.test');
  await atrium.sql(`UPDATE user_profile SET display_name = 'Anna Vanderzande' WHERE user_id = $1`, [
    anna.userId,
  ]);
  await anna.browser.post('/settings/users/', {
    action: 'invite',
    email: 'guest.of.honour@elsewhere.test',
    role: 'member',
  });
  await anna.browser.post('/projects/new/', { name: 'Summer Terrace', status: 'planned' });
  await atrium.sql(`INSERT INTO users (email, created_at)
    SELECT 'p' || lpad(n::text, 5, '0') || '@many.test', '2020-01-01'::timestamptz + n * interval '1 minute'
    FROM generate_series(1, 12000) n`);
  await atrium.sql(`INSERT INTO user_profile (user_id, display_name, created_at)
    SELECT id, 'Zoë ' || email, created_at FROM users WHERE email LIKE 'p%@many.test'`);
  await atrium.sql(`UPDATE user_profile SET display_name = 'Quite Rare Indeed'
    WHERE user_id = (SELECT id FROM users WHERE email = 'p00007@many.test')`);
  await atrium.sql('ANALYZE');
});
afterAll(() => atrium.stop());

/** What the search finds, by its heading. */
function groups(sight: Sight): Record<string, string[]> {
  const sections = sight.document.querySelectorAll('main section');
  return Object.fromEntries(
    sections.map((section) => [
      section.querySelector('h2')!.textContent.trim(),
      section.querySelectorAll('.admin-title').map((a) => a.textContent),
    ]),
  );
}

async function search(q: string): Promise<Record<string, string[]>> {
  const sight = await root.browser.visit(`/admin/search/?q=${encodeURIComponent(q)}`);
  expect(sight.status).toBe(200);
  return groups(sight);
}

test('one search finds an organisation, a person, an invitation and what was done by a part of a text', async () => {
  expect(await search('lysee')).toMatchObject({ Organisations: ['Brasserie Élysée'] });
  expect(await search('DERZAN')).toMatchObject({ Profiles: ['Anna Vanderzande'] });
  expect(await search('claes@brass')).toMatchObject({ Profiles: ['Anna Vanderzande'] });
  expect(await search('honour@else')).toMatchObject({
    Invitations: ['guest.of.honour@elsewhere.test'],
  });
  const done = (await search('derzan'))['Audit log']!;
  expect(done.join('\n')).toContain('Anna');
  const about = (await search('mer terr'))['Audit log']!;
  expect(about.join('\n')).toContain('Summer Terrace');
  expect(await search('nothing is called so')).toEqual({});
});

test('jobs are found by a part of the name of their queue', async () => {
  await atrium.sql(`INSERT INTO pgboss.job (name, source_name, created_on, keep_until)
    VALUES ('dead-letters', 'mail', now(), now() + interval '1 day')`);
  expect(await search('mai')).toMatchObject({ 'Failed jobs': ['mail'] });
});

test('an id finds its row in every list, and what was done by and to it', async () => {
  const person = await search(anna.userId);
  expect(person).toMatchObject({
    Users: ['anna.claes@brasserie.test'],
    Profiles: ['Anna Vanderzande'],
  });
  expect(person['Audit log']!.length).toBeGreaterThan(1);
  expect(await search(anna.tenantId!.toUpperCase())).toMatchObject({
    Organisations: ['Brasserie Élysée'],
  });
});

test('a text of fewer than three characters finds what begins with it', async () => {
  expect(await search('br')).toMatchObject({ Organisations: ['Brasserie Élysée'] });
  expect((await search('ra')).Organisations).toBeUndefined();
});

test('signs of patterns are what they are, and a search without a text asks nothing', async () => {
  expect((await search('%%%')).Profiles).toBeUndefined();
  expect((await search('p_00_7')).Profiles).toBeUndefined();
  expect(groups(await root.browser.visit('/admin/search/'))).toEqual({});
  expect(groups(await root.browser.visit('/admin/search/?q=%00%20'))).toEqual({});
});

test('the search shows a few of each kind in the order of its list, and leads to all of them', async () => {
  const sight = await root.browser.visit('/admin/search/?q=@many.te');
  expect(groups(sight).Profiles).toEqual([
    'Quite Rare Indeed',
    ...[1, 2, 3, 4].map((n) => `Zoë p0000${n}@many.test`),
  ]);
  const all = sight.document
    .querySelectorAll('main section a.text-link')
    .find((a) => a.getAttribute('aria-label') === 'Show all: Profiles')!;
  const list = await root.browser.visit(all.getAttribute('href')!);
  expect(list.at('h1')).toBe('Profiles');
  expect(list.text).toContain('10,000+ rows');
  const titles = () => list.document.querySelectorAll('tbody .admin-title');
  expect(titles()).toHaveLength(50);
  // Old ones are found too, beyond what the search looks at itself.
  expect(await search('te rare ind')).toMatchObject({ Profiles: ['Quite Rare Indeed'] });
});

test('a list finds any part, counts what it finds, and keeps its filter, its order and its pages', async () => {
  const names = (sight: Sight) =>
    sight.document.querySelectorAll('tbody .admin-title').map((a) => a.textContent);
  let sight = await root.browser.visit('/admin/users/?q=0123&sort=email');
  expect(sight.text).toContain('12 rows');
  expect(names(sight)).toHaveLength(12);
  expect(names(sight)).toEqual([...names(sight)].sort());
  sight = await root.browser.visit('/admin/users/?q=1%40many&sort=-email');
  expect(sight.text).toContain('1,200 rows');
  const seen = names(sight);
  for (let next, n = 0; n < 3 && (next = sight.document.querySelector('a[rel="next"]')); n++) {
    sight = await root.browser.visit(next.getAttribute('href')!);
    seen.push(...names(sight));
  }
  expect(new Set(seen).size).toBe(200);
  expect(seen).toEqual([...seen].sort().reverse());
  const none = await root.browser.visit('/admin/users/?q=1%40many&state=inactive');
  expect(none.text).toContain('Nothing found');
  const frequent = await root.browser.visit('/admin/users/?q=%40many.test&sort=email');
  expect(names(frequent)[0]).toBe('p00001@many.test');
  // The order and what is found have to do with each other: nothing is found at the beginning of the list.
  await atrium.sql(`UPDATE user_profile SET display_name = 'aaa ' || display_name
    WHERE user_id IN (SELECT id FROM users WHERE email LIKE 'p0%@many.test')`);
  const late = await root.browser.visit('/admin/profiles/?q=zoe&sort=display_name');
  expect(names(late)[0]).toBe('aaa Zoë p00001@many.test');
  const last = await root.browser.visit('/admin/profiles/?q=zoe&sort=-display_name');
  expect(names(last)[0]).toBe('Zoë p12000@many.test');
  const second = frequent.document.querySelector('a[rel="next"]')!.getAttribute('href')!;
  expect(names(await root.browser.visit(second))[0]).toBe('p00051@many.test');
});

test('a list without a search tells how many rows its filter finds', async () => {
  expect((await root.browser.visit('/admin/users/')).text).toContain('10,000+ rows');
  expect((await root.browser.visit('/admin/users/?staff=superuser')).text).toContain('1 row');
});

test('every page of the back office has the field of the search, which works without script', async () => {
  for (const path of [
    '/admin/',
    '/admin/users/',
    `/admin/users/${anna.userId}/`,
    '/admin/flags/',
  ]) {
    const { document } = await root.browser.visit(path);
    const form = document.querySelector('form[action="/admin/search/"]')!;
    expect(form.getAttribute('method')).toBe('get');
    expect(form.querySelector('input[name="q"]')).not.toBeNull();
  }
  const found = await root.browser.visit('/admin/search/?q=derzan');
  expect(found.value('q')).toBe('derzan');
});

test('for people who are not staff the search does not exist', async () => {
  expect((await anna.browser.visit('/admin/search/?q=anna')).status).toBe(404);
});

test('everything that is searched is sent together, and reads an index as the role of staff', async () => {
  const unitOfWork = atrium.app.get(UnitOfWork);
  const read = unitOfWork.read.bind(unitOfWork);
  const ticks: number[] = [];
  let tick = 0;
  unitOfWork.read = (statement, role) => {
    ticks.push(tick);
    setImmediate(() => tick++);
    return read(statement, role);
  };
  await root.browser.visit('/admin/search/?q=derzan');
  unitOfWork.read = read;
  // Who it is, and then every list at once.
  expect(new Set(ticks).size).toBe(2);

  const office = atrium.app.get(BackOffice);
  const searched = office
    .all()
    .filter(({ declared }) => declared.foundBy.some(({ isScanned }) => !isScanned));
  expect(searched.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['tenants', 'users', 'profiles', 'invitations', 'audit']),
  );
  const client = await atrium.database.owner.connect();
  const slow: string[] = [];
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL enable_seqscan = off');
    await client.query('SET LOCAL ROLE app_staff');
    for (const list of searched) {
      const query = { q: 'derzan', chosen: {}, scope: null, sort: null, cursor: null };
      for (const { text, values } of [
        fewStatement(office, list, 'derzan', 5),
        listStatement(office, list, query, null, 50, true),
      ]) {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        if (!/Bitmap Index Scan on \w+_parts/.test(plan)) slow.push(`${list.path}\n${plan}`);
      }
    }
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
  expect(slow).toEqual([]);
});

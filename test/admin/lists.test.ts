import { Injectable, Module } from '@nestjs/common';
import { AdminEntity } from '../../src/core/back-office/admin-entity.js';
import { BackOffice } from '../../src/core/back-office/back-office.js';
import type { ListQuery } from '../../src/core/back-office/list-query.js';
import type { ListedEntity } from '../../src/core/back-office/listed-entity.js';
import { listStatement, orderOf } from '../../src/core/back-office/record-statements.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import type { Position } from '../../src/core/database/keyset.js';
import { Translator } from '../../src/core/i18n/translator.js';
import { Timezone } from '../../src/reference/timezone.entity.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

/** A complete new entity: no page, statement or text is written for it. */
@Injectable()
class OlderNameAdmin extends AdminEntity<Timezone> {
  readonly entity = Timezone;
  readonly path = 'older-names';
  readonly group = 'reference';
  readonly icon = 'clock';
  readonly title = 'name';
  readonly list = ['aliasOf', 'offsetSeconds'] as const;
  readonly orders = { name: { type: 'text', fold: 'lower' } } as const;
  override readonly search = 'name';
  override readonly only = 'r.alias_of IS NOT NULL';
  override readonly filters = { side: { east: 'r.offset_seconds > 0' } };
}

@Module({ providers: [OlderNameAdmin] })
class WithOneMore {}

let atrium: TestApp;
let root: Person;
beforeAll(async () => {
  // Statements are counted: no job of this process sends any.
  atrium = await startApp({ ROLE: 'web' }, [WithOneMore]);
  root = await atrium.people.staff('root@atrium.test', true);
  await atrium.sql(`INSERT INTO users (email, created_at, is_active)
    SELECT 'p' || lpad(n::text, 3, '0') || '@many.test', '2020-01-01'::timestamptz + n * interval '1 hour', n % 10 <> 0
    FROM generate_series(1, 120) n`);
  await atrium.sql(`INSERT INTO user_profile (user_id, display_name)
    SELECT id, 'Zoë ' || email FROM users WHERE email LIKE 'p%@many.test'`);
});
afterAll(() => atrium.stop());

function names(sight: Sight): string[] {
  return sight.document.querySelectorAll('tbody th[scope="row"] a').map((a) => a.textContent);
}

test('paging a list forth and back shows every row once', async () => {
  let sight = await root.browser.visit('/admin/users/?sort=email&q=p');
  const seen = names(sight);
  for (let next; (next = sight.document.querySelector('a[rel="next"]'));) {
    sight = await root.browser.visit(next.getAttribute('href')!);
    seen.push(...names(sight));
  }
  expect(seen).toEqual([...seen].sort());
  expect(new Set(seen).size).toBe(120);
  const back = sight.document.querySelector('a[rel="prev"]')!.getAttribute('href')!;
  expect(names(await root.browser.visit(back))).toEqual(seen.slice(50, 100));
});

test('a row is found by any part of its text in any case, or by its id', async () => {
  expect(names(await root.browser.visit('/admin/users/?q=P01'))).toHaveLength(10);
  expect(names(await root.browser.visit('/admin/users/?q=12%40many'))).toHaveLength(2);
  // Fewer than three characters are the beginning of a text.
  expect(names(await root.browser.visit('/admin/users/?q=ma'))).toEqual([]);
  // `%` and `_` are what they are.
  expect(names(await root.browser.visit('/admin/users/?q=p__1'))).toEqual([]);
  expect(names(await root.browser.visit('/admin/profiles/?q=zoe+p001'))).toEqual([
    'Zoë p001@many.test',
  ]);
  const byId = await root.browser.visit(`/admin/users/?q=${root.userId}`);
  expect(names(byId)).toEqual(['root@atrium.test']);
});

test('a list is filtered and sorted, and its URL holds the choice', async () => {
  const inactive = await root.browser.visit('/admin/users/?state=inactive&sort=email');
  expect(names(inactive)).toHaveLength(12);
  expect(inactive.value('state')).toBe('inactive');
  expect(inactive.at('th[aria-sort="ascending"]')).toBe('E-mail address');
  const turn = inactive.document.querySelector('th[aria-sort] a')!.getAttribute('href')!;
  expect(turn).toBe('/admin/users/?state=inactive&sort=-email');
  expect(names(await root.browser.visit(turn))).toEqual(names(inactive).reverse());
  expect(names(await root.browser.visit('/admin/users/?staff=superuser'))).toEqual([
    'root@atrium.test',
  ]);
});

test('rows that belong to another row have a list of their own', async () => {
  const anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  const list = await root.browser.visit(`/admin/profiles/?tenant=${anna.tenantId}`);
  expect(names(list)).toEqual(['Anna']);
  expect(list.text).toContain('Organisation: Acme');
});

test('a list takes two statements besides authentication, the start page four', async () => {
  const unitOfWork = atrium.app.get(UnitOfWork);
  const read = unitOfWork.read.bind(unitOfWork);
  let count = 0;
  unitOfWork.read = (statement, role) => {
    count++;
    return read(statement, role);
  };
  const counted = async (path: string) => {
    count = 0;
    await root.browser.visit(path);
    return count;
  };
  // Who it is, the list, and the filters that were saved of it.
  expect(await counted('/admin/users/?q=p&state=active')).toBe(3);
  expect(await counted('/admin/profiles/')).toBe(3);
  expect(await counted('/admin/')).toBe(5);
  unitOfWork.read = read;
});

/**
 * Statements of each order in both directions, from the first page and from a row on, and of related rows.
 */
function queriesOf(office: BackOffice, list: ListedEntity): Array<[ListQuery, Position | null]> {
  const at = { direction: 'after', id: '00000000-0000-0000-0000-000000000000' } as const;
  const plain = { q: null, chosen: {}, scope: null, cursor: null };
  const sorts = Object.keys(list.declared.orders).map(
    (property) => list.columns.find((column) => column.property === property)!.name,
  );
  const both = sorts.flatMap((sort) => [sort, `-${sort}`]);
  const scoped = office
    .scopesOf(list)
    .map((by) => ({ ...plain, scope: { by, id: at.id }, sort: null }));
  const searched = list.searchOrder ? [{ ...plain, q: 'an', sort: null }] : [];
  const queries: ListQuery[] = [
    ...both.map((sort) => ({ ...plain, sort })),
    ...scoped,
    ...searched,
  ];
  return queries.flatMap((query): Array<[ListQuery, Position | null]> => {
    const { type } = orderOf(list, query);
    return [
      [query, null],
      [query, { ...at, key: type === 'time' ? '2026-01-01T00:00:00.000000Z' : 'ann' }],
    ];
  });
}

test('every sort order, search and restricted list uses an index', async () => {
  const office = atrium.app.get(BackOffice);
  const client = await atrium.database.owner.connect();
  const slow: string[] = [];
  let count = 0;
  try {
    await client.query('BEGIN');
    for (const setting of ['seqscan', 'sort', 'bitmapscan', 'hashjoin', 'mergejoin']) {
      await client.query(`SET LOCAL enable_${setting} = off`);
    }
    await client.query('SET LOCAL ROLE app_staff');
    // What is found by a part is walked where it is frequent, else sorted: `search.test.ts`.
    // The tables of the job engine are its own, and reference data is small.
    const lists = office
      .all()
      .filter(
        ({ table, declared }) => !table.startsWith('pgboss') && declared.group !== 'reference',
      );
    for (const list of lists) {
      for (const [query, position] of queriesOf(office, list)) {
        const { text, values } = listStatement(office, list, query, position, 50);
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        count++;
        if (/-> {2}Sort|^Sort|Seq Scan/m.test(plan)) {
          slow.push(`${list.path} ${JSON.stringify(query)}\n${plan}`);
        }
      }
    }
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
  expect(slow).toEqual([]);
  expect(count).toBeGreaterThan(40);
});

test('a new declaration adds an entity that is listed, searched, filtered and shown', async () => {
  const list = await root.browser.visit('/admin/older-names/?q=asia/cal&side=east');
  expect(list.status).toBe(200);
  expect(list.at('h1')).toBe('Older names');
  expect(names(list)).toEqual(['Asia/Calcutta']);
  const row = await root.browser.visit(
    list.document.querySelector('tbody a')!.getAttribute('href')!,
  );
  expect(row.text).toContain('Asia/Kolkata');
  const nav = list.document.querySelectorAll('aside nav a').map((a) => a.textContent);
  expect(nav).toContain('Older names');
});

test('every shipped name is translated into three languages', () => {
  const texts = atrium.app.get(Translator);
  const missing: string[] = [];
  for (const list of atrium.app.get(BackOffice).all()) {
    if (list.path === 'older-names') continue;
    const { path, feature, columns, filters, declared } = list;
    const words = Object.values<readonly string[] | undefined>(declared.words).flatMap(
      (some) => some ?? [],
    );
    const actions = Object.keys(declared.actions).flatMap((name) =>
      ['name', 'question', 'done'].map((text) => `actions.${name}.${text}`),
    );
    const pages = Object.keys(declared.pages).map((name) => `actions.${name}.name`);
    const fields = columns.filter(({ isPrimary }) => !isPrimary).map(({ name }) => name);
    const names = [
      ...pages,
      'plural',
      'singular',
      ...[...fields, ...Object.keys(filters)].map((name) => `fields.${name}`),
      ...[...words, ...Object.values(filters).flatMap(Object.keys)].map((word) => `words.${word}`),
      ...actions,
    ];
    const isSaid = (key: string, lang: string) => texts.translate(key, { lang }) !== key;
    for (const lang of ['en', 'nl-BE', 'fr-BE']) {
      const absent = names.filter(
        (name) =>
          !isSaid(`${feature}.entities.${path}.${name}`, lang) &&
          !isSaid(`back-office.${name}`, lang),
      );
      missing.push(...absent.map((name) => `${lang} ${path}: ${name}`));
    }
  }
  expect([...new Set(missing)]).toEqual([]);
});

test('a page about a row shows its values, and folds the names of its empty fields', async () => {
  const anna = await atrium.people.adminOf('Acme', 'fields@acme.test');
  const page = await root.browser.visit(`/admin/users/${anna.userId}/`);
  expect(page.at('.admin-fields')).toContain('fields@acme.test');
  expect(page.at('.admin-fields')).not.toContain('Second factors');
  expect(page.at('main details summary')).toBe('2 empty fields');
  const folded = page.document.querySelectorAll('main details li').map(({ text }) => text);
  expect(folded).toEqual(['E-mail confirmed', 'Second factors']);
});

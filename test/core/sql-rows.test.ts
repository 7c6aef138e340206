import { readFileSync } from 'node:fs';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { TABLES } from '../support/tables.js';
import { DeclaredStatements, type DeclaredStatement } from './sql-rows/declared-statements.js';
import { isList, PUT_TOGETHER, withTexts, type WithTexts } from './sql-rows/put-together.js';
import { Descriptions } from './sql-rows/described-columns.js';
import { mismatches } from './sql-rows/row-mismatches.js';

/** Whose columns no type declares: lists of the back office, exports, erased rows and rows to choose follow from the entities, the queue brings its own SQL, and sample rows are held and deleted without being read. */
const UNKNOWN = [
  'src/closure/erasure/erasure.repository.ts remove',
  'src/core/back-office/records.repository.ts few',
  'src/core/back-office/records.repository.ts list',
  'src/core/back-office/records.repository.ts some',
  'src/core/csv/csv-titles.repository.ts ids',
  'src/core/csv/csv-titles.repository.ts titles',
  'src/core/database/row-choices.ts offered',
  'src/core/database/row-choices.ts require',
  'src/core/database/row-choices.ts titleOf',
  'src/core/database/tenant-rows.ts reader',
  'src/core/http/pages/child-lists.ts list',
  'src/core/http/pages/subjects.ts find',
  'src/core/jobs/job-queue.ts enqueueWith',
  'src/core/jobs/job-queue.ts executeSql',
  'src/core/jobs/job-queue.ts executeSql',
  'src/sample-data/sample-data.repository.ts hold',
  'src/sample-data/sample-data.repository.ts remove',
];

/** What may be null in the table and is not in these rows: the statement asks for no others. */
const NEVER_NULL = [
  // Of a member, whom a constraint of the table gives a role and a moment of joining.
  'src/members/members.repository.ts among: joinedAt may be null',
  'src/members/members.repository.ts among: role may be null',
  'src/members/members.repository.ts find: joinedAt may be null',
  'src/members/members.repository.ts find: role may be null',
  'src/members/members.repository.ts listed: joinedAt may be null',
  'src/members/members.repository.ts listed: role may be null',
  'src/second-factor/organisation/security.repository.ts member: role may be null',
  'src/second-factor/organisation/security.repository.ts people: role may be null',
  // `erase_at IS NOT NULL`, with which a constraint of the table sets both.
  'src/closure/closure.repository.ts claimReminder: eraseAt may be null',
  'src/closure/closure.repository.ts find: closedAt may be null',
  'src/closure/closure.repository.ts find: eraseAt may be null',
  // Equal to one of the keys that are asked for.
  'src/tenants/export/tenant-exports.repository.ts archivesAmong: key may be null',
  'src/tenants/tenants.repository.ts logosAmong: key may be null',
  'src/users/profiles.repository.ts avatarsAmong: key may be null',
  // `storage_key IS NOT NULL`
  'src/tenants/export/tenant-exports.repository.ts dropExpired: key may be null',
];

let database: TestDatabase;
let client: pg.PoolClient;
let descriptions: Descriptions;
let sources: DeclaredStatements;
let declared: DeclaredStatement[];

beforeAll(async () => {
  sources = new DeclaredStatements(process.cwd());
  declared = sources.all();
  database = await freshDatabase();
  client = await database.owner.connect();
  descriptions = await Descriptions.on(client);
});
afterAll(async () => {
  client.release(true);
  await database.drop();
});

test('the rows of every statement are what its caller declares', async () => {
  const unread = declared
    .filter(({ texts, where }) => texts === null && !isList(where))
    .map(({ where }) => where);
  expect(unread.sort()).toEqual([...UNKNOWN, ...Object.keys(PUT_TOGETHER)].sort());
  const all = await Promise.all(declared.map((statement) => withTexts(statement)));
  expect(all.flatMap(({ texts }) => texts).length).toBeGreaterThan(140);
  expect(await wrongAmong(all)).toEqual(NEVER_NULL.sort());
});

test('a misspelt column, another type and an undeclared null are reported', async () => {
  const mutations: Array<[path: string, from: string, to: string]> = [
    // The column of a statement, the property of a row, its type, and that it may be null.
    ['src/api-keys/api-keys.repository.ts', 'k.name, k.scopes', 'k.name, k.scope'],
    ['src/users/profiles.repository.ts', 'displayName: string | null', 'shownName: string | null'],
    ['src/reference/reference.repository.ts', 'minorUnits: number', 'minorUnits: string'],
    ['src/tenants/tenants.repository.ts', 'currency: string | null', 'currency: string'],
  ];
  const mutated = new Map<string, string>(
    mutations.map(([path, from, to]) => {
      const source = readFileSync(path, 'utf8');
      expect(source).toContain(from);
      return [path, source.replace(from, to)];
    }),
  );
  const all = sources
    .with(mutated)
    .all()
    .filter(({ where }) => mutated.has(where.split(' ')[0]!));
  const wrong = await wrongAmong(all.map((one) => ({ ...one, texts: one.texts ?? [] })));
  expect(wrong).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^src\/api-keys\/.* column k\.scope does not exist$/),
      'src/users/profiles.repository.ts shown: shownName is no column',
      'src/users/profiles.repository.ts shown: displayName is not declared',
      expect.stringMatching(/^src\/reference\/.*: minorUnits is string, and int\d is number$/),
      'src/tenants/tenants.repository.ts current: currency may be null',
    ]),
  );
});

test('statements of a repository of an organisation name the organisation, besides the policy of the table', async () => {
  // Of a table behind FROM, and of one behind JOIN.
  const mutations: Array<[path: string, condition: string]> = [
    ['src/comments/comments.repository.ts', 'c.tenant_id = app_tenant_id() AND '],
    ['src/notifications/notifications.repository.ts', ' AND s.tenant_id = p.tenant_id'],
  ];
  const mutated = new Map(
    mutations.map(([path, condition]) => {
      const source = readFileSync(path, 'utf8');
      expect(source).toContain(condition);
      return [path, source.replace(condition, '')];
    }),
  );
  expect(await unfiltered(declared)).toEqual(OF_ANY_TENANT.sort());
  const found = await unfiltered(sources.with(mutated).all());
  expect(found.filter((where) => !OF_ANY_TENANT.includes(where))).toEqual(
    mutations.map(([path]) => expect.stringMatching(`^${path} `) as string),
  );
});

/** Where a statement names fewer organisations than tables, and why. */
const OF_ANY_TENANT = [
  // Asked as a privileged role, of rows of any organisation.
  'src/api-keys/api-keys.repository.ts machineOf',
  'src/api-keys/api-keys.repository.ts touch',
  'src/attachments/attachments.repository.ts filesAmong',
  'src/attachments/attachments.repository.ts removeDeleted',
];

/** The organisation in context, or that of another row. The table of organisations is read by its key. */
const OF_TENANT =
  /\b(tenant_)?id = \(?(SELECT )?app_tenant_id\(\)|\b(tenant_)?id = \w+\.tenant_id\b/g;

/** The title of a row by the key that leads to it, which holds within the organisation. */
const TITLE =
  /\(SELECT (?:(?!\(SELECT)[\s\S])*? FROM \w+ (\w+)\b(?:(?!\(SELECT)[\s\S])*?WHERE \1\.id = \w+\.\w+_id\)/g;

/** Where a statement names more tables of organisations than it has conditions on the organisation. */
async function unfiltered(statements: DeclaredStatement[]): Promise<string[]> {
  const tables = Object.keys(TABLES).filter((name) => TABLES[name] === 'tenant');
  const named = new RegExp(`\\b(FROM|JOIN|UPDATE) (${tables.join('|')})\\b`, 'g');
  const isOpen = (text: string) => {
    const own = text.replace(TITLE, '');
    return countOf(named, own) > countOf(OF_TENANT, own);
  };
  const own = statements.filter(({ where }) => isOfTenant(where.split(' ')[0]!));
  const all = await Promise.all(own.map((statement) => withTexts(statement)));
  return all
    .filter(({ texts }) => texts.some(isOpen))
    .map(({ where }) => where)
    .sort();
}

function countOf(pattern: RegExp, text: string): number {
  return [...text.matchAll(pattern)].length;
}

function isOfTenant(path: string): boolean {
  return /extends (TenantScoped|WithLines)Repository</.test(readFileSync(path, 'utf8'));
}

async function wrongAmong(statements: WithTexts[]): Promise<string[]> {
  const wrong = new Set<string>();
  for (const { where, texts, row } of statements) {
    for (const text of texts) {
      try {
        const described = await descriptions.of(text);
        if (row) mismatches(row, described).forEach((each) => wrong.add(`${where}: ${each}`));
      } catch (error) {
        wrong.add(`${where}: ${(error as Error).message}`);
      }
    }
  }
  return [...wrong].sort();
}

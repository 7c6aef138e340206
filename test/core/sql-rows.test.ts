import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import '../../src/features.js';
import { ActivityRepository } from '../../src/audit/activity.repository.js';
import { CommentsRepository, type CommentRow } from '../../src/comments/comments.repository.js';
import { staffRole } from '../../src/core/database/privileged/staff.role.js';
import type { Statement } from '../../src/core/database/read-path/pipelined-read.js';
import { listed } from '../../src/core/features/registry.js';
import type { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { ChecklistRepository } from '../../src/dashboard/checklist.repository.js';
import { HAS_COMPANY } from '../../src/members/invitations/has-company.js';
import { AgendaRepository } from '../../src/deadlines/agenda.repository.js';
import { NotificationsRepository } from '../../src/notifications/notifications.repository.js';
import { MembersRepository } from '../../src/members/members.repository.js';
import { WebhookDeliveriesRepository } from '../../src/webhooks/deliveries/webhook-deliveries.repository.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { TABLES } from '../support/tables.js';
import { DeclaredStatements, type DeclaredStatement } from './sql-rows/declared-statements.js';
import { Descriptions } from './sql-rows/described-columns.js';
import { mismatches } from './sql-rows/row-mismatches.js';

const ID = '0197a1b2-0000-7000-8000-000000000000';

/** Statements that are put together while running, asked in the shapes they have. */
const PUT_TOGETHER: Record<string, (unitOfWork: UnitOfWork) => Promise<unknown>> = {
  'src/members/members.repository.ts listed': async (unitOfWork) => {
    const members = new MembersRepository(unitOfWork);
    await members.listed({ limit: 1 });
    await members.listed({ limit: 1, role: 'admin', isActive: true, after: ID });
    await members.listed({ limit: 1, q: 'anna' });
    await members.listed({ limit: 1, q: 'anna claes', isActive: false, before: ID });
  },
  'src/webhooks/deliveries/webhook-deliveries.repository.ts listed': async (unitOfWork) => {
    const deliveries = new WebhookDeliveriesRepository(unitOfWork);
    await deliveries.listed({ endpointId: ID, state: 'failed', cursor: null, limit: 1 });
  },
  'src/dashboard/checklist.repository.ts done': async (unitOfWork) => {
    await new ChecklistRepository(unitOfWork).done(ID, [HAS_COMPANY, 'true']);
  },
  'src/deadlines/agenda.repository.ts dueOn': async (unitOfWork) => {
    const agenda = new AgendaRepository(unitOfWork);
    for (const declared of listed('agenda')) await agenda.dueOn(declared, '2026-02-28', ['admin']);
  },
  'src/deadlines/agenda.repository.ts due': async (unitOfWork) => {
    const agenda = new AgendaRepository(unitOfWork);
    for (const declared of listed('agenda')) await agenda.due(declared, 'UTC', 1);
  },
  'src/audit/activity.repository.ts listed': async (unitOfWork) => {
    const activity = new ActivityRepository(unitOfWork);
    await activity.listed({ limit: 1 });
    await activity.listed({ limit: 1 }, staffRole);
    await activity.listed({ limit: 1, actorId: ID, subjectId: ID, actions: ['tenant.created'] });
    await activity.listed({ limit: 1, from: '2026-11-01', to: '2026-11-27' });
  },
  'src/audit/activity.repository.ts shared': async (unitOfWork) => {
    const activity = new ActivityRepository(unitOfWork);
    await activity.shared(1, true);
    await activity.shared(1, false);
  },
  'src/comments/comments.repository.ts listed': async (unitOfWork) => {
    const comments = new CommentsRepository(unitOfWork);
    for (const sort of ['newest', 'oldest'] as const) {
      await comments.listed({ kind: 'x', id: ID }, { sort, cursor: null, limit: 1 });
    }
  },
  'src/comments/comments.repository.ts pageOf': async (unitOfWork) => {
    const row = { subject: 'x', subjectId: ID, id: ID } as CommentRow;
    await new CommentsRepository(unitOfWork).pageOf(row, 1);
  },
  'src/notifications/notifications.repository.ts listed': async (unitOfWork) => {
    const query = { memberId: ID, onlyUnread: false, cursor: null, limit: 1 };
    for (const onlyUnread of [true, false]) {
      await new NotificationsRepository(unitOfWork).listed({ ...query, onlyUnread });
    }
  },
};

/** The list of a module that is built like src/projects: in each of its orders, deleted rows too. */
const LIST = /^src\/([\w-]+)\/\1\.repository\.ts listed$/;

async function listOf(where: string, unitOfWork: UnitOfWork): Promise<void> {
  const path = join(process.cwd(), where.split(' ')[0]!);
  const exported = Object.entries((await import(path)) as Record<string, unknown>);
  const named = (ending: string) => exported.find(([name]) => name.endsWith(ending))![1];
  const Repository = named('Repository') as new (unitOfWork: UnitOfWork) => {
    listed(query: object): Promise<unknown>;
  };
  for (const sort of named('_SORTS') as string[]) {
    for (const status of [null, 'deleted']) {
      const query = { q: null, status, sort, cursor: null, limit: 1 };
      await new Repository(unitOfWork).listed(query);
    }
  }
}

/** Whose columns no type declares: lists of the back office, exports, erased rows and rows to choose follow from the entities, the queue brings its own SQL. */
const UNKNOWN = [
  'src/closure/erasure/erasure.repository.ts remove',
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

beforeAll(async () => {
  database = await freshDatabase();
  client = await database.owner.connect();
  descriptions = await Descriptions.on(client);
});
afterAll(async () => {
  client.release(true);
  await database.drop();
});

test('the rows of every statement are what its caller declares', async () => {
  const declared = new DeclaredStatements(process.cwd()).all();
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
  const all = new DeclaredStatements(process.cwd(), mutated)
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
  expect(await unfiltered(new DeclaredStatements(process.cwd()))).toEqual(OF_ANY_TENANT.sort());
  const found = await unfiltered(new DeclaredStatements(process.cwd(), mutated));
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
async function unfiltered(declared: DeclaredStatements): Promise<string[]> {
  const tables = Object.keys(TABLES).filter((name) => TABLES[name] === 'tenant');
  const named = new RegExp(`\\b(FROM|JOIN|UPDATE) (${tables.join('|')})\\b`, 'g');
  const isOpen = (text: string) => {
    const own = text.replace(TITLE, '');
    return countOf(named, own) > countOf(OF_TENANT, own);
  };
  const own = declared.all().filter(({ where }) => isOfTenant(where.split(' ')[0]!));
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

function isList(where: string): boolean {
  return LIST.test(where) && !(where in PUT_TOGETHER);
}

type WithTexts = DeclaredStatement & { texts: string[] };

async function withTexts(statement: DeclaredStatement): Promise<WithTexts> {
  const { texts, where } = statement;
  return { ...statement, texts: texts ?? (await putTogether(where)) };
}

/** The texts a repository asks a unit of work for that answers nothing. */
async function putTogether(where: string): Promise<string[]> {
  const texts: string[] = [];
  const read = ({ text }: Statement) => Promise.resolve((texts.push(text), []));
  const unitOfWork = { read, tenantId: ID } as unknown as UnitOfWork;
  if (isList(where)) await listOf(where, unitOfWork);
  else await PUT_TOGETHER[where]?.(unitOfWork);
  return texts;
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

import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { CROSSING, expectedObstacles } from './sharding/accepted.js';
import { placedTables, type PlacedTable } from './sharding/placement.js';
import { printSharding } from './sharding/print.js';
import { reachOf, type Reach } from './sharding/shards.js';
import { DeclaredStatements } from './sql-rows/declared-statements.js';
import { Descriptions } from './sql-rows/described-columns.js';
import { withTexts } from './sql-rows/put-together.js';

let database: TestDatabase;
let client: pg.PoolClient;
let descriptions: Descriptions;
let tables: PlacedTable[];

beforeAll(async () => {
  database = await freshDatabase();
  client = await database.owner.connect();
  descriptions = await Descriptions.on(client);
  tables = await placedTables(async <T>(text: string) => (await client.query(text)).rows as T[]);
});
afterAll(async () => {
  client.release(true);
  await database.drop();
});

const reach = async (text: string) =>
  reachOf(
    await descriptions.planOf(text),
    new Map(tables.map(({ name, placement }) => [name, placement])),
  );

test('what keeps tables from being distributed by organisation is known, and of the others nothing does', () => {
  const found = tables.filter(({ obstacles }) => obstacles.length > 0);
  const expected = tables
    .filter(({ placement }) => placement === 'distributed')
    .map(({ name }) => [name, expectedObstacles(name).sort()] as const)
    .filter(([, obstacles]) => obstacles.length > 0);
  expect(found.map(({ name, obstacles }) => [name, [...obstacles].sort()])).toEqual(expected);
});

test('statements that ask more than one organisation are those that have a reason to', async () => {
  const statements = new DeclaredStatements(process.cwd()).all();
  const all = await Promise.all(statements.map((statement) => withTexts(statement)));
  const found = new Map<string, Reach[]>();
  for (const { where, texts } of all) {
    for (const text of texts) found.set(where, [...(found.get(where) ?? []), await reach(text)]);
  }
  const crossing = [...found]
    .filter(([, reaches]) => reaches.some((each) => each.crossing.length > 0))
    .map(([where]) => where);
  printSharding(tables, found);
  expect(crossing.sort()).toEqual(Object.keys(CROSSING).sort());
});

test.each([
  ['of one organisation', 'SELECT id FROM project WHERE tenant_id = $1', []],
  [
    'of the organisation in context',
    'SELECT id FROM project WHERE tenant_id = app_tenant_id()',
    [],
  ],
  [
    'of that of another table',
    `SELECT c.id FROM comment c JOIN project p ON p.tenant_id = c.tenant_id AND p.id = c.subject_id
     WHERE p.tenant_id = $1`,
    [],
  ],
  ['of no organisation', 'SELECT id FROM project WHERE id = $1', ['project']],
  ['of several', 'SELECT id FROM project WHERE tenant_id = ANY ($1)', ['project']],
  ['of one or of any', 'SELECT id FROM project WHERE tenant_id = $1 OR id = $2', ['project']],
  [
    'of one table only',
    `SELECT c.id FROM comment c JOIN project p ON p.id = c.subject_id WHERE p.tenant_id = $1`,
    ['comment'],
  ],
  ['of a change', 'UPDATE project SET name = $2 WHERE id = $1', ['project']],
])('a statement %s is told from others', async (_, text, crossing) => {
  expect((await reach(text)).crossing).toEqual(crossing);
});

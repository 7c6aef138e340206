import { DATABASE_ROLES } from '../../src/core/database/privileged/database-roles.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { TABLES } from '../support/tables.js';
import { proveTables } from './table-proof.js';
import { printTables } from './print.js';

let database: TestDatabase;
beforeAll(async () => void (database = await freshDatabase()));
afterAll(() => database.drop());

test('no role reaches a row of another organisation in any table, but where it is granted', async () => {
  const { cells, problems } = await proveTables(database.owner, TABLES);
  printTables(cells, problems);
  expect(problems).toEqual([]);
  expect(cells).toHaveLength(
    Object.keys(TABLES).length * Object.keys(DATABASE_ROLES).length * 3 * 4,
  );
});

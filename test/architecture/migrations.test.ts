import { DataSource } from 'typeorm';
import { MemberSearch1790000083000 } from '../../migrations/1790000083000-member-search.js';
import { readConfig } from '../../src/core/config/read-config.js';
import { dataSourceOptions } from '../../src/core/database/schema/data-source-options.js';
import { MIGRATIONS_TABLE, migrationClasses } from '../../src/core/database/schema/migrate.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let owner: DataSource;
beforeAll(async () => {
  database = await freshDatabase();
  const config = readConfig({ NODE_ENV: 'test' });
  owner = await new DataSource({
    ...dataSourceOptions(config, database.server.address, 1),
    migrations: await migrationClasses(),
    migrationsTableName: MIGRATIONS_TABLE,
  }).initialize();
});
afterAll(async () => {
  await owner.destroy();
  await database.drop();
});

/** Everything a migration can make in the public schema, one line each. */
async function schema(): Promise<string[]> {
  const lines = await owner.query<Array<{ line: string }>>(`
    SELECT format('column %s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) || a.attidentity::text || coalesce(a.attacl::text, '') AS line
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    UNION ALL SELECT format('table %s %s %s %s %s', relname, relpersistence, relrowsecurity,
        relforcerowsecurity, relacl)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
    UNION ALL SELECT format('constraint %s %s', conname, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT format('policy %s %s %s %s %s', tablename, policyname, roles, qual, with_check)
      FROM pg_policies WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid
      WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
    ORDER BY line`);
  return lines.map(({ line }) => line);
}

test('every migration can be reverted and applied again with the same result', async () => {
  const before = await schema();
  expect(before.length).toBeGreaterThan(100);
  for (const _ of owner.migrations) await owner.undoLastMigration();
  const left = (await schema()).filter((line) => !line.includes(MIGRATIONS_TABLE));
  expect(left).toEqual([]);

  await owner.runMigrations();
  expect(await schema()).toEqual(before);
});

test('members from before the search migration are found by the same words as later ones', async () => {
  const runner = owner.createQueryRunner();
  await runner.startTransaction();
  try {
    await runner.query(`INSERT INTO tenant (id, organization) VALUES (md5('t')::uuid, 'Acme')`);
    await runner.query(
      `INSERT INTO users (id, email) VALUES (md5('u')::uuid, 'e.dupont@acme.test')`,
    );
    await runner.query(`INSERT INTO user_profile
        (user_id, display_name, tenant_id, role, tenant_joined_at)
      VALUES (md5('u')::uuid, 'Élise Dupont', md5('t')::uuid, 'admin', now())`);
    const words = (): Promise<Array<{ word: string }>> =>
      runner.query('SELECT * FROM member_word ORDER BY word');
    const written = await words();
    const migration = new MemberSearch1790000083000();
    await migration.down(runner);
    await migration.up(runner);
    expect(await words()).toEqual(written);
    expect(written.map(({ word }) => word)).toEqual(
      'acme dupont e elise test ~acme.test ~e.dupont@acme.test'.split(' '),
    );
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
});

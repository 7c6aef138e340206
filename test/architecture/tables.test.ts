import { DataSource } from 'typeorm';
import { TenantScopedEntity } from '../../src/core/database/tenant-scoped.entity.js';
import { startApp, type TestApp } from '../support/app.js';
import { TABLES } from '../support/tables.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

interface Table {
  name: string;
  isForced: boolean;
  policies: number;
  hasTenant: boolean;
}

async function tables(): Promise<Table[]> {
  return atrium.sql<Table>(`SELECT c.relname AS name,
      c.relrowsecurity AND c.relforcerowsecurity AS "isForced",
      (SELECT count(*)::int FROM pg_policy WHERE polrelid = c.oid) AS policies,
      EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id') AS "hasTenant"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY c.relname`);
}

test('every table is declared as tenant data, personal data, global or reference', async () => {
  const names = (await tables()).map(({ name }) => name);
  expect(names).toEqual(Object.keys(TABLES).sort());
});

test('row-level security is forced on every table that holds data of an organisation or a person', async () => {
  const open = (await tables()).filter(
    ({ name, isForced, policies }) =>
      ['tenant', 'personal'].includes(TABLES[name]!) && (!isForced || policies === 0),
  );
  expect(open).toEqual([]);
});

test('every policy reads organisation and actor once per statement', async () => {
  const asking = await atrium.sql<{ policy: string; condition: string }>(
    `SELECT tablename || '.' || policyname AS policy, qual AS condition FROM pg_policies
     WHERE qual ~ 'app_(tenant|actor)_id' ORDER BY 1`,
  );
  expect(asking.length).toBeGreaterThan(8);
  const perRow = asking.filter(({ condition }) =>
    /app_(tenant|actor)_id\(\)/.test(condition.replace(/SELECT app_(tenant|actor)_id\(\)/g, '')),
  );
  expect(perRow).toEqual([]);
});

test('a table with a tenant_id is never declared as anything but tenant data', async () => {
  const wrong = (await tables()).filter(
    ({ name, hasTenant }) => hasTenant && TABLES[name] !== 'tenant',
  );
  expect(wrong).toEqual([]);
});

test('is_active of every audited table has a partial index of inactive rows', async () => {
  const found = await atrium.sql<{ name: string; indexes: string | null }>(
    `SELECT a.attrelid::regclass::text AS name, string_agg(pg_get_expr(i.indpred, i.indrelid), ', ')
       FILTER (WHERE i.indkey[0] = a.attnum) AS indexes
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     LEFT JOIN pg_index i ON i.indrelid = a.attrelid
     WHERE a.attname = 'is_active' AND c.relkind = 'r' AND EXISTS (SELECT FROM pg_attribute d
         WHERE d.attrelid = a.attrelid AND d.attname = 'deleted_at')
       AND c.relnamespace = 'public'::regnamespace GROUP BY 1 ORDER BY 1`,
  );
  expect(found.length).toBeGreaterThan(4);
  expect(found.filter(({ indexes }) => indexes !== '(NOT is_active)')).toEqual([]);
});

test('every tenant-scoped entity has a not-null, indexed tenant_id', async () => {
  const scoped = atrium.app
    .get(DataSource)
    .entityMetadatas.filter(
      ({ target }) =>
        typeof target === 'function' && target.prototype instanceof TenantScopedEntity,
    );
  for (const { tableName, columns, indices } of scoped) {
    expect(TABLES[tableName]).toBe('tenant');
    expect(columns.find(({ databaseName }) => databaseName === 'tenant_id')?.isNullable).toBe(
      false,
    );
    expect(indices.some((index) => index.columns[0]?.databaseName === 'tenant_id')).toBe(true);
  }
});

test('the roles of requests own nothing and cannot bypass row-level security', async () => {
  const roles = await atrium.sql<{ rolname: string; owned: number }>(
    `SELECT r.rolname, (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owned
     FROM pg_roles r WHERE r.rolname LIKE 'app\\_%'
       AND (r.rolsuper OR r.rolbypassrls OR r.rolcanlogin OR r.rolcreaterole OR r.rolcreatedb OR
         EXISTS (SELECT FROM pg_class WHERE relowner = r.oid))`,
  );
  expect(roles).toEqual([]);
});

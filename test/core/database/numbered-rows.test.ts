import { runInContext } from '../../../src/core/context/request-context.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import type { QueryRunner } from 'typeorm';
import { numberRows, unnumberRows } from '../../../migrations/support/numbered-rows.v1.js';
import { AUDIT_COLUMNS, protectTenantTable } from '../../../migrations/support/tenant-table.v2.js';
import { startApp, type TestApp } from '../../support/app.js';

let atrium: TestApp;
let acme: string;
let globex: string;
let runner: QueryRunner;
const year = new Date().getUTCFullYear();

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  acme = (await atrium.people.adminOf('Acme', 'anna@acme.test')).tenantId!;
  globex = (await atrium.people.adminOf('Globex', 'gus@globex.test')).tenantId!;
  await atrium.sql('UPDATE tenant SET timezone_id = NULL');
  runner = { query: (text: string) => atrium.sql(text) } as unknown as QueryRunner;
});
afterAll(() => atrium.stop());
beforeEach(async () => {
  await atrium.sql(`CREATE TABLE deed (${AUDIT_COLUMNS}, tenant_id uuid NOT NULL,
    number varchar(20) NOT NULL DEFAULT '')`);
  await protectTenantTable(runner, 'deed');
});
afterEach(async () => {
  await atrium.sql('DROP TABLE deed');
  await atrium.sql('DELETE FROM number_counter');
});

async function numbered() {
  await numberRows(runner, 'deed');
  await atrium.sql('CREATE UNIQUE INDEX uq_deed_number ON deed (tenant_id, number)');
}

/** Adds a row and returns its number, as a service does; `then` comes after it in the same unit of work. */
function add(tenantId: string, { app } = atrium as Pick<TestApp, 'app'>, then?: () => void) {
  const unitOfWork = app.get(UnitOfWork);
  return runInContext({ tenantId }, () =>
    unitOfWork.run(async () => {
      const [row] = await unitOfWork.query<{ number: string }>(
        'INSERT INTO deed (tenant_id) VALUES (app_tenant_id()) RETURNING number',
      );
      then?.();
      return row!.number;
    }),
  );
}

const upTo = (count: number) =>
  Array.from({ length: count }, (_, at) => `${year}-${String(at + 1).padStart(4, '0')}`);

test('fifty rows that two replicas add at once have the numbers 1 to 50', async () => {
  await numbered();
  const replica = await atrium.replica();
  try {
    const numbers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => add(acme, at % 2 ? replica : atrium)),
    );
    expect(numbers.sort()).toEqual(upTo(50));
  } finally {
    await replica.stop();
  }
});

test('what is rolled back leaves no gap, and organisations do not share their numbers', async () => {
  await numbered();
  expect(await add(acme)).toBe(`${year}-0001`);
  const broken = () => {
    throw new Error('broken off');
  };
  const both = await Promise.allSettled([add(acme, atrium, broken), add(acme), add(globex)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(await add(acme)).toBe(`${year}-0003`);
  expect(await add(globex)).toBe(`${year}-0002`);
});

test('a number never changes, is not chosen, and stays with a row that is deleted', async () => {
  await numbered();
  const unitOfWork = atrium.app.get(UnitOfWork);
  const at = (text: string) =>
    runInContext({ tenantId: acme }, () => unitOfWork.run(() => unitOfWork.query(text)));
  await at(`INSERT INTO deed (tenant_id, number) VALUES (app_tenant_id(), '2020-0007')`);
  await at(`UPDATE deed SET deleted_at = now(), number = '${year}-0001'`);
  await expect(at(`UPDATE deed SET number = '${year}-0002'`)).rejects.toThrow('never changes');
  await expect(atrium.sql(`UPDATE deed SET number = 'other'`)).rejects.toThrow('never changes');
  expect(await add(acme)).toBe(`${year}-0002`);
});

test('the year is the one it is where the organisation is', async () => {
  const yearOf = async (zone: string | null) => {
    await atrium.sql(
      'UPDATE tenant SET timezone_id = (SELECT id FROM timezone WHERE name = $2) WHERE id = $1',
      [acme, zone],
    );
    const [row] = await atrium.sql<{ year: number }>(
      `SELECT number_year($1, '2026-12-31T23:30:00Z') AS year`,
      [acme],
    );
    return row!.year;
  };
  expect(await yearOf(null)).toBe(2026);
  expect(await yearOf('America/New_York')).toBe(2026);
  expect(await yearOf('Europe/Brussels')).toBe(2027);
  await atrium.sql('UPDATE tenant SET timezone_id = NULL');
});

test('numbers have four digits, and more where there are more', async () => {
  const [row] = await atrium.sql(
    'SELECT number_text(2026, 7) AS one, number_text(2026, 12345) AS many',
  );
  expect(row).toEqual({ one: '2026-0007', many: '2026-12345' });
});

test('rows that are there are numbered in the order of their creation, and new ones go on', async () => {
  await atrium.sql('ALTER TABLE deed DISABLE TRIGGER stamp_audit');
  const days = ['2025-03-02', '2025-03-01', `${year}-01-02`];
  for (const tenantId of [acme, globex]) {
    for (const day of days) {
      await atrium.sql(
        `INSERT INTO deed (tenant_id, created_at, updated_at, deleted_at) VALUES ($1, $2, $2, $2)`,
        [tenantId, day],
      );
    }
  }
  await atrium.sql('ALTER TABLE deed ENABLE TRIGGER stamp_audit');
  await numbered();
  const rows = await atrium.sql<{ number: string; untouched: boolean }>(
    `SELECT number, updated_at = created_at AS untouched FROM deed WHERE tenant_id = $1 ORDER BY created_at`,
    [acme],
  );
  expect(rows).toEqual(
    ['2025-0001', '2025-0002', `${year}-0001`].map((number) => ({ number, untouched: true })),
  );
  expect([await add(acme), await add(globex)]).toEqual([`${year}-0002`, `${year}-0002`]);

  await unnumberRows(runner, 'deed');
  expect(await atrium.sql('SELECT 1 FROM number_counter')).toEqual([]);
  await atrium.sql('DROP INDEX uq_deed_number');
  expect(await add(acme)).toBe('');
});

import { runInContext } from '../../../src/core/context/request-context.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { startApp, type TestApp } from '../../support/app.js';

let atrium: TestApp;
let unitOfWork: UnitOfWork;
let tenantId: string;

beforeAll(async () => {
  // One connection: whoever comes next has it.
  atrium = await startApp({ ROLE: 'web', DATABASE_POOL_SIZE: '1' });
  unitOfWork = atrium.app.get(UnitOfWork);
  tenantId = (await atrium.people.adminOf('Acme', 'anna@acme.test')).tenantId!;
});
afterAll(() => atrium.stop());

const ask = <T>(text: string, values: unknown[] = []) =>
  runInContext({ tenantId }, () => unitOfWork.run(() => unitOfWork.query<T>(text, values)));

async function askOften<T>(text: string, values: unknown[] = []): Promise<T[]> {
  for (let turn = 0; turn < 9; turn++) await ask(text, values);
  return ask<T>(text, values);
}

const isPrepared = async (text: string) =>
  (await ask('SELECT FROM pg_prepared_statements WHERE statement = $1', [text])).length > 0;

test('what is asked again and again is prepared, what is asked a few times is not', async () => {
  const [often, twice] = [1, 2].map(
    (n) => `SELECT organization, ${n} AS n FROM tenant WHERE id = $1`,
  );
  expect(await askOften(often!, [tenantId])).toEqual([{ organization: 'Acme', n: 1 }]);
  await ask(twice!, [tenantId]);
  await ask(twice!, [tenantId]);
  expect(await isPrepared(often!)).toBe(true);
  expect(await isPrepared(twice!)).toBe(false);
});

test('what was prepared still answers after a migration of its table, whatever columns it asks for', async () => {
  const named = 'SELECT name FROM project WHERE id = $1';
  const all = 'SELECT p.* FROM project p WHERE p.id = $1';
  const made = `INSERT INTO project (tenant_id, name, status, version) VALUES (app_tenant_id(), $1, 'planned', 1) RETURNING *`;
  const [project] = await askOften<{ id: string }>(made, ['Kitchen']);
  for (const text of [named, all]) await askOften(text, [project!.id]);
  await atrium.sql('ALTER TABLE project ADD COLUMN colour text');
  await atrium.sql('GRANT SELECT (colour), INSERT (colour) ON project TO app_user');
  expect(await ask(named, [project!.id])).toEqual([{ name: 'Kitchen' }]);
  expect(await ask(all, [project!.id])).toMatchObject([{ name: 'Kitchen', colour: null }]);
  expect(await ask(made, ['Bathroom'])).toMatchObject([{ name: 'Bathroom', colour: null }]);
});

test('what fails each time is refused each time, and asked again once it is right', async () => {
  const text = 'UPDATE project SET status = $1 WHERE name = $2 RETURNING status';
  for (let turn = 0; turn < 9; turn++) {
    await expect(ask(text, ['no such status', 'Kitchen'])).rejects.toThrow('violates check');
  }
  await askOften(text, ['active', 'Bathroom']);
  expect(await ask(text, ['active', 'Bathroom'])).toEqual([{ status: 'active' }]);
});

import type { QueryRunner } from 'typeorm';
import { Entity } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from '../../../migrations/support/tenant-table.v2.js';
import { runInContext } from '../../../src/core/context/request-context.js';
import type { Principal } from '../../../src/core/context/principal.js';
import { rowChoice } from '../../../src/core/database/row-choice.js';
import { RowChoices } from '../../../src/core/database/row-choices.js';
import { TenantScopedEntity } from '../../../src/core/database/tenant-scoped.entity.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import type { ChildListDeclaration } from '../../../src/core/features/feature.js';
import { installFeatures, installedFeatures } from '../../../src/core/features/registry.js';
import { ChildLists } from '../../../src/core/http/pages/child-lists.js';
import { startApp, type TestApp } from '../../support/app.js';

@Entity('harbour')
class Harbour extends TenantScopedEntity {
  fullName: string;
}
const HARBOUR = rowChoice(Harbour, 'fullName');

let atrium: TestApp;
let acme: string;
let oostende: string;
let zeebrugge: string;
let rotterdam: string;
const product = installedFeatures();
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  acme = (await atrium.people.adminOf('Acme', 'anna@acme.test')).tenantId!;
  const globex = (await atrium.people.adminOf('Globex', 'gus@globex.test')).tenantId!;
  await atrium.sql(`CREATE TABLE harbour (${AUDIT_COLUMNS}, tenant_id uuid NOT NULL,
    full_name varchar(120) NOT NULL, harbour_id uuid)`);
  const runner = { query: (text: string) => atrium.sql(text) } as unknown as QueryRunner;
  await protectTenantTable(runner, 'harbour');
  const added = async (tenantId: string, name: string, above: string | null = null) => {
    const text =
      'INSERT INTO harbour (tenant_id, full_name, harbour_id) VALUES ($1, $2, $3) RETURNING id';
    return (await atrium.sql<{ id: string }>(text, [tenantId, name, above]))[0]!.id;
  };
  zeebrugge = await added(acme, 'Zeebrugge');
  oostende = await added(acme, 'oostende', zeebrugge);
  rotterdam = await added(globex, 'Rotterdam', zeebrugge);
});
afterAll(() => atrium.stop());
afterEach(async () => {
  installFeatures(product);
  await atrium.sql('UPDATE harbour SET deleted_at = NULL');
});

/** As a service of Acme asks. */
function asked<T>(ask: (rows: RowChoices) => Promise<T>): Promise<T> {
  const work = () => ask(atrium.app.get(RowChoices));
  return runInContext({ tenantId: acme }, () => atrium.app.get(UnitOfWork).run(work));
}

const offered = async (chosen?: string) =>
  (await asked((rows) => rows.offered(HARBOUR, chosen))).map(({ label }) => label);
const required = (id: string, before?: string) =>
  asked((rows) => rows.require(HARBOUR, 'harbour_id', id, before));

test('rows of the organisation are offered by name, and none of another', async () => {
  for (const chosen of [undefined, rotterdam, 'nonsense']) {
    expect(await offered(chosen)).toEqual(['oostende', 'Zeebrugge']);
  }
  expect(await asked((rows) => rows.titleOf(HARBOUR, rotterdam))).toBeNull();
  await required(oostende);
  const refusal = { key: 'validation.unknown_row', details: { field: 'harbour_id' } };
  await expect(required(rotterdam)).rejects.toMatchObject({ kind: 'invalid', ...refusal });
});

test('a deleted row stays where it was chosen, and cannot be chosen anew', async () => {
  await atrium.sql('UPDATE harbour SET deleted_at = now() WHERE id = $1', [oostende]);
  expect(await offered()).toEqual(['Zeebrugge']);
  expect(await offered(oostende)).toEqual(['oostende', 'Zeebrugge']);
  expect(await asked((rows) => rows.titleOf(HARBOUR, oostende))).toBe('oostende');
  await required(oostende, oostende);
  await expect(required(oostende)).rejects.toThrow('validation.unknown_row');
});

test('a row lists what belongs to it, as far as the reader may read that', async () => {
  const list: ChildListDeclaration = {
    of: product[0]!.name,
    table: 'harbour',
    column: 'harbour_id',
    title: 'full_name',
    href: '/harbours/',
    text: 'tenants.data_part',
    add: 'tenants.data_part',
    position: 1,
    reads: 'members:read',
    writes: 'members:write',
  };
  const [first, ...others] = product;
  installFeatures([{ ...first!, childLists: [list] }, ...others]);
  const shownTo = (role: 'admin' | 'member') => {
    const principal = { role } as Principal;
    return runInContext({ tenantId: acme, principal }, () =>
      atrium.app.get(ChildLists).of(product[0]!.name, zeebrugge),
    );
  };
  expect(await shownTo('admin')).toMatchObject([
    {
      items: [{ href: `/harbours/${oostende}/`, title: 'oostende' }],
      shown: null,
      addHref: `/harbours/new/?harbour_id=${zeebrugge}`,
    },
  ]);
  expect(await shownTo('member')).toEqual([]);

  await atrium.sql(
    `INSERT INTO harbour (tenant_id, full_name, harbour_id)
     SELECT $1, 'quay ' || n, $2 FROM generate_series(1, 20) n`,
    [acme, zeebrugge],
  );
  const [long] = await shownTo('admin');
  expect([long!.items.length, long!.shown]).toEqual([20, 20]);
  await atrium.sql(`DELETE FROM harbour WHERE full_name LIKE 'quay %'`);
});

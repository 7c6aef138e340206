import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { AuditTrail, type AuditRecord } from '../../src/audit/audit-trail.service.js';
import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
let trail: AuditTrail;
let unitOfWork: UnitOfWork;
let acme: string;
let globex: string;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  trail = atrium.app.get(AuditTrail);
  unitOfWork = atrium.app.get(UnitOfWork);
});
afterAll(() => atrium.stop());

beforeEach(async () => {
  await atrium.sql('TRUNCATE audit_entry, audit_head');
  const name = () => `Company ${Math.random()}`;
  [acme, globex] = [await atrium.people.tenant(name()), await atrium.people.tenant(name())];
});

const SUBJECT = { kind: 'tenant', id: null, name: 'Élan “2”\n' };

function record(tenantId: string | null, more: Partial<AuditRecord> = {}) {
  return runInContext({ tenantId, requestId: 'a-request', address: '2001:db8::1' }, () =>
    unitOfWork.run(() => trail.record({ action: 'tenant.updated', subject: SUBJECT, ...more })),
  );
}

async function broken() {
  return (await trail.verify()).broken.map(({ tenantId, position, problem }) => ({
    tenantId,
    position,
    problem,
  }));
}

async function fill(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await record(acme, { changes: { organization: { from: null, to: `é ${i}` } } });
    await record(globex);
    await record(null);
  }
}

test('each organisation has a chain of its own, the operator too, and all are unbroken', async () => {
  await fill();
  expect(await trail.verify()).toEqual({ entries: 12, chains: 3, broken: [] });
});

test('eight who write at once in one organisation make one unbroken chain', async () => {
  await Promise.all(Array.from({ length: 8 }, () => record(acme)));
  const rows = await atrium.sql('SELECT position::int FROM audit_entry ORDER BY at');
  expect(rows.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await broken()).toEqual([]);
});

describe('verification fails when, by SQL outside of the application,', () => {
  beforeEach(fill);
  const at = (position: number) => `WHERE tenant_id = '${acme}' AND position = ${position}`;

  test.each([
    ['what was done is altered', `SET action = 'project.deleted'`],
    ['who did it is altered', `SET actor_name = 'Somebody else'`],
    ['when is altered', `SET at = at + interval '1 microsecond'`],
    ['from where is altered', `SET address = NULL`],
    ['a value is altered', `SET changes = '{"name": {"from": null, "to": "other"}}'`],
  ])('%s', async (_, set) => {
    await atrium.sql(`UPDATE audit_entry ${set} ${at(2)}`);
    expect(await broken()).toEqual([{ tenantId: acme, position: 2, problem: 'altered' }]);
  });

  test('an entry is altered and its hash recomputed', async () => {
    const columns = `SET actor_name = 'Somebody else', hash`;
    await atrium.sql(`UPDATE audit_entry e ${columns} = '\\x00' ${at(4)}`);
    await atrium.sql(`UPDATE audit_entry e SET hash = audit_hash(e) ${at(4)}`);
    expect(await broken()).toEqual([{ tenantId: acme, position: 4, problem: 'altered' }]);
    await atrium.sql(`UPDATE audit_entry e SET subject_name = 'x' ${at(2)}`);
    await atrium.sql(`UPDATE audit_entry e SET hash = audit_hash(e) ${at(2)}`);
    expect(await broken()).toEqual([{ tenantId: acme, position: 3, problem: 'unlinked' }]);
  });

  test.each([1, 2, 4])('entry %i of four is deleted', async (position) => {
    await atrium.sql(`DELETE FROM audit_entry ${at(position)}`);
    expect(await broken()).toEqual([{ tenantId: acme, position, problem: 'missing' }]);
  });

  test('all entries of an organisation are deleted, or their head is', async () => {
    await atrium.sql('DELETE FROM audit_entry WHERE tenant_id = $1', [acme]);
    await atrium.sql('DELETE FROM audit_head WHERE chain = $1', [globex]);
    expect(await broken()).toEqual(
      expect.arrayContaining([
        { tenantId: acme, position: 1, problem: 'missing' },
        { tenantId: globex, position: 1, problem: 'unheaded' },
      ]),
    );
  });

  test('an entry is moved to another organisation', async () => {
    await atrium.sql(`UPDATE audit_entry SET tenant_id = $1, chain = $1, position = 5 ${at(4)}`, [
      globex,
    ]);
    expect(await broken()).toEqual(
      expect.arrayContaining([
        { tenantId: acme, position: 4, problem: 'missing' },
        { tenantId: globex, position: 5, problem: 'altered' },
      ]),
    );
  });

  test('a row is inserted', async () => {
    await atrium.sql(`INSERT INTO audit_entry (tenant_id, position, actor_kind, action, subject_kind,
        previous_hash, hash)
      SELECT tenant_id, 5, 'person', 'project.deleted', 'project', hash, '\\x00'
      FROM audit_entry ${at(4)}`);
    expect(await broken()).toEqual([{ tenantId: acme, position: 5, problem: 'altered' }]);
    await atrium.sql(`UPDATE audit_entry e SET hash = audit_hash(e) ${at(5)}`);
    expect(await broken()).toEqual([{ tenantId: acme, position: 5, problem: 'unheaded' }]);
  });
});

test('no role may add, change or remove entries beyond its grants', async () => {
  await record(acme);
  const rights = await atrium.sql<{ role: string; rights: string[] }>(
    `SELECT rolname AS role, array_agg(r) FILTER (WHERE has_table_privilege(rolname, 'audit_entry', r)) AS rights
     FROM pg_roles, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS r
     WHERE rolname LIKE 'app\\_%' GROUP BY 1`,
  );
  expect(rights.filter((row) => row.rights)).toEqual([
    { role: 'app_audit', rights: ['INSERT'] },
    // Only what test/audit/retention.test.ts says: the rows its policy lets go.
    { role: 'app_upkeep', rights: ['DELETE'] },
  ]);
  const change = runInContext({ tenantId: acme }, () =>
    unitOfWork.run(() => unitOfWork.execute(`UPDATE audit_entry SET action = 'x'`)),
  );
  await expect(change).rejects.toThrow('permission denied');
});

test('an entry is written in the unit of work of its cause, and refused without one', async () => {
  await expect(
    trail.record({ action: 'tenant.updated', subject: SUBJECT, tenantId: acme }),
  ).rejects.toThrow('outside of the unit of work');
  const undone = runInContext({ tenantId: acme }, () =>
    unitOfWork.run(async () => {
      await trail.record({ action: 'tenant.updated', subject: SUBJECT });
      throw new Error('on purpose');
    }),
  );
  await expect(undone).rejects.toThrow('on purpose');
  expect(await atrium.sql('SELECT 1 FROM audit_entry')).toEqual([]);
  expect(await broken()).toEqual([]);
});

test('secrets are refused', async () => {
  const changes = { password_hash: { from: 'a', to: 'b' } };
  await expect(record(acme, { changes })).rejects.toThrow('secrets are never recorded');
});

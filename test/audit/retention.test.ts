import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { AuditRetention } from '../../src/audit/audit-retention.service.js';
import { AuditTrail } from '../../src/audit/audit-trail.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { retentionRole } from '../../src/core/database/privileged/retention.role.js';

let atrium: TestApp;
let trail: AuditTrail;
let retention: AuditRetention;
let unitOfWork: UnitOfWork;
let acme: string;
beforeAll(async () => {
  atrium = await startApp({
    ROLE: 'web',
    AUDIT_PERSONAL_DATA_DAYS: '90',
    AUDIT_STRANGERS_DAYS: '30',
  });
  trail = atrium.app.get(AuditTrail);
  retention = atrium.app.get(AuditRetention);
  unitOfWork = atrium.app.get(UnitOfWork);
  acme = await atrium.people.tenant('Acme');
});
afterAll(() => atrium.stop());
beforeEach(() => atrium.sql('TRUNCATE audit_entry, audit_head'));

const FROM = { address: '2001:db8::17', device: 'Lynx/2.9' };
const SUBJECT = { kind: 'tenant', id: null, name: 'Roof' };
const STRANGER = { kind: 'user', id: null, name: 'n…@x.example' };

function record(tenantId: string | null, subject = SUBJECT, scope: object = FROM) {
  const action = subject === STRANGER ? 'sign_in.failed' : 'tenant.updated';
  return runInContext({ tenantId, ...scope }, () =>
    unitOfWork.run(() => trail.record({ action, subject, tenantId })),
  );
}

/** Moves all entries this many days into the past and recomputes the chains. */
async function age(days: number, which = 'true'): Promise<void> {
  await atrium.sql(`UPDATE audit_entry SET at = at - interval '${days} days' WHERE ${which}`);
  await atrium.sql(`DO $$
    DECLARE
      entry audit_entry;
    BEGIN
      FOR entry IN SELECT * FROM audit_entry ORDER BY chain, position LOOP
        entry.previous_hash := coalesce(
          (SELECT hash FROM audit_entry WHERE chain = entry.chain AND position = entry.position - 1),
          (SELECT base_hash FROM audit_head WHERE chain = entry.chain));
        UPDATE audit_entry SET previous_hash = entry.previous_hash, hash = audit_hash(entry)
          WHERE id = entry.id;
        UPDATE audit_head SET hash = audit_hash(entry) WHERE chain = entry.chain;
      END LOOP;
    END $$`);
}

const broken = async () =>
  (await trail.verify()).broken.map(({ position, problem }) => `${position} ${problem}`);
const kept = () =>
  atrium.sql<{ address: string | null; device: string | null }>(
    'SELECT host(address) AS address, device FROM audit_entry ORDER BY chain, position',
  );
const NOTHING = { address: null, device: null };

describe('address and device', () => {
  test('are cleared after the configured days, and the trail still verifies', async () => {
    for (let n = 0; n < 3; n++) await record(acme);
    await record(null);
    await age(91, `tenant_id IS NULL OR position < 3`);
    expect(await broken()).toEqual([]);
    expect(await retention.count()).toMatchObject({ personalData: 3 });
    expect(await retention.remove()).toMatchObject({ personalData: 3 });
    expect(await kept()).toEqual([NOTHING, NOTHING, NOTHING, FROM]);
    expect(await broken()).toEqual([]);
    expect(await retention.remove()).toEqual({ personalData: 0, strangers: 0 });
    await record(acme);
    expect(await broken()).toEqual([]);
    const left = await atrium.sql(`SELECT 1 FROM audit_entry e WHERE e::text ~ '2001:db8|Lynx'`);
    expect(left).toHaveLength(2);
  });

  test('are kept before', async () => {
    await record(acme);
    await age(89);
    expect(await retention.remove()).toMatchObject({ personalData: 0 });
    expect(await kept()).toEqual([FROM]);
  });

  test.each([
    ['another address', `address = '192.0.2.1'`],
    ['another device', `device = 'Mosaic'`],
    ['no address', 'address = NULL'],
    ['another salt', `personal_salt = '\\x00'`],
    ['none of it, too early', 'address = NULL, device = NULL, personal_salt = NULL'],
    ['the hash of another', `personal_hash = sha256('\\x00')`],
  ])('that are changed behind the application’s back are found: %s', async (_, set) => {
    for (let n = 0; n < 3; n++) await record(acme);
    await atrium.sql(`UPDATE audit_entry SET ${set} WHERE position = 2`);
    expect(await broken()).toEqual(['2 altered']);
  });

  test('that are written after they were cleared fail verification, as does any other change', async () => {
    for (let n = 0; n < 3; n++) await record(acme);
    await age(91);
    await retention.remove();
    await atrium.sql(`UPDATE audit_entry SET device = 'Mosaic' WHERE position = 3`);
    expect(await broken()).toEqual(['3 altered']);
    await atrium.sql(`UPDATE audit_entry SET actor_name = 'Somebody' WHERE position = 2`);
    expect(await broken()).toEqual(['2 altered']);
  });

  test('of older entries stay, and those still verify', async () => {
    await record(acme);
    await record(acme);
    await atrium.sql(
      'UPDATE audit_entry SET personal_salt = NULL, personal_hash = NULL WHERE position = 1',
    );
    await age(400);
    expect(await broken()).toEqual([]);
    expect(await retention.remove()).toMatchObject({ personalData: 1 });
    expect(await kept()).toEqual([FROM, NOTHING]);
    expect(await broken()).toEqual([]);
    await atrium.sql(`UPDATE audit_entry SET device = 'Mosaic' WHERE position = 1`);
    expect(await broken()).toEqual(['1 altered']);
  });

  test('cannot be guessed from the remaining hash, nor compared between entries', async () => {
    await record(acme);
    await record(acme);
    const hashes = await atrium.sql('SELECT DISTINCT personal_hash FROM audit_entry');
    expect(hashes).toHaveLength(2);
  });
});

describe('sign-ins that failed without an account', () => {
  test('are deleted after the configured days, and later entries still verify', async () => {
    for (let n = 0; n < 4; n++) await record(null, STRANGER);
    await record(null);
    await age(31, `action = 'sign_in.failed' AND position < 4 OR action <> 'sign_in.failed'`);
    expect(await retention.count()).toMatchObject({ strangers: 3 });
    expect(await retention.remove()).toMatchObject({ strangers: 3 });
    const left = await atrium.sql('SELECT action, position::int FROM audit_entry ORDER BY chain');
    expect(left).toEqual([
      { action: 'tenant.updated', position: 1 },
      { action: 'sign_in.failed', position: 4 },
    ]);
    expect(await broken()).toEqual([]);
    await age(31);
    expect(await retention.remove()).toMatchObject({ strangers: 1 });
    expect(await broken()).toEqual([]);
    await record(null, STRANGER);
    expect(await broken()).toEqual([]);
    await atrium.sql(`DELETE FROM audit_entry WHERE action = 'sign_in.failed'`);
    expect(await broken()).toEqual(['5 missing']);
  });

  test('are limited to a hundred per hour and chain, and the next entry states how many more there were', async () => {
    for (let n = 0; n < 107; n++) await record(null, STRANGER);
    expect(await trail.verify()).toMatchObject({ entries: 100, broken: [] });
    await atrium.sql(`UPDATE audit_head SET counted_hour = counted_hour - interval '1 hour'`);
    await record(null, STRANGER);
    await record(null, STRANGER);
    const changes = await atrium.sql(
      'SELECT changes FROM audit_entry WHERE position > 100 ORDER BY position',
    );
    expect(changes).toEqual([
      { changes: { unrecorded: { from: null, to: 7 } } },
      { changes: null },
    ]);
    expect(await broken()).toEqual([]);
  });

  test('of an account are all recorded', async () => {
    const known = { kind: 'user', id: acme, name: 'a…@acme.example' };
    for (let n = 0; n < 103; n++) {
      await runInContext({}, () =>
        unitOfWork.run(() =>
          trail.record({ action: 'sign_in.failed', subject: known, tenantId: null }),
        ),
      );
    }
    expect(await trail.verify()).toMatchObject({ entries: 103, broken: [] });
  });
});

test('the start of an organisation’s chain cannot be deleted', async () => {
  for (let n = 0; n < 3; n++) await record(acme);
  await atrium.sql(`UPDATE audit_head SET base_position = 1,
    base_hash = (SELECT hash FROM audit_entry WHERE position = 1)`);
  await atrium.sql('DELETE FROM audit_entry WHERE position = 1');
  expect(await broken()).toEqual(['1 missing']);
});

test('the retention role cannot delete or change any other entry', async () => {
  await record(acme);
  await record(null);
  await record(null, STRANGER);
  await age(400, `action <> 'sign_in.failed'`);
  const through = (text: string) =>
    unitOfWork.runAs(retentionRole, () => unitOfWork.execute(text)).catch((e: Error) => e.message);
  expect(await through('DELETE FROM audit_entry')).toBe(0);
  expect(await through(`UPDATE audit_entry SET action = 'x'`)).toMatch('permission denied');
  expect(await through(`UPDATE audit_entry SET address = '192.0.2.1'`)).toMatch(
    'row-level security',
  );
  expect(await through('UPDATE audit_head SET base_position = 1')).toBe(1);
  expect(await through(`UPDATE audit_head SET hash = ''`)).toMatch('permission denied');
});

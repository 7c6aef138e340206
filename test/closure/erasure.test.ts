import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { AuditTrail } from '../../src/audit/audit-trail.service.js';
import { Erasure } from '../../src/closure/erasure/erasure.service.js';
import { ErasureRepository } from '../../src/closure/erasure/erasure.repository.js';
import { erasedTables } from '../../src/closure/erasure/erasure-order.js';
import { ObjectStorage } from '../../src/core/storage/object-storage.js';
import { readCatalogue } from '../isolation/catalogue.js';
import { seed, type Seeded } from '../isolation/seed.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { DECLARED_TABLES } from '../support/tables.js';
import { everything, KEPT, tablesWith } from './what-is-left.js';

let atrium: TestApp;
let storage: ObjectStorage;
beforeAll(async () => {
  atrium = await startApp();
  storage = atrium.app.get(ObjectStorage);
});
afterAll(() => atrium.stop());
afterEach(() => jest.restoreAllMocks());

interface Organisation extends Seeded {
  anna: Person;
  files: string[];
}

/** An organisation with a row in every table, an admin who did something, and files. */
async function organisation(name: string): Promise<Organisation> {
  const { owner } = atrium.database;
  const kinds = Object.fromEntries([...DECLARED_TABLES].map(([table, { kind }]) => [table, kind]));
  const seeded = await seed(owner, await readCatalogue(owner), kinds, name);
  const { tenantId, marker } = seeded;
  // Entries of the trail that were not written as the role of the trail break its chain.
  await atrium.sql('DELETE FROM audit_head WHERE chain <> ALL (SELECT tenant_id FROM audit_entry)');
  await atrium.sql('DELETE FROM audit_entry WHERE tenant_id = $1', [tenantId]);
  await atrium.sql('DELETE FROM audit_head WHERE chain = $1', [tenantId]);
  const anna = await atrium.people.newcomer(`${marker}-anna@erasure.test`);
  await atrium.sql(
    `UPDATE user_profile SET profile_completed_at = now(), tenant_id = $2, role = 'admin',
       tenant_joined_at = now() WHERE user_id = $1`,
    [anna.userId, tenantId],
  );
  await anna.browser.visit('/settings/general/');
  await anna.browser.submit('/settings/general/', { organization: `${marker} Ltd` });
  await anna.browser.visit('/settings/users/');
  await anna.browser.submit('/settings/users/', {
    email: `${marker}-guest@guest.test`,
    role: 'member',
  });
  await atrium.mails.expect(`${marker}-guest@guest.test`);
  const key = (folder: string, ending: string) =>
    `${folder}/${randomBytes(16).toString('hex')}.${ending}`;
  const files = [key('logo', 'webp'), key('export', 'zip')];
  for (const file of files) await storage.put(file, Buffer.from(marker), 'application/zip');
  await atrium.sql('UPDATE tenant SET logo = $2 WHERE id = $1', [tenantId, files[0]]);
  await atrium.sql('UPDATE tenant_export SET storage_key = $2 WHERE tenant_id = $1', [
    tenantId,
    files[1],
  ]);
  return { ...seeded, anna: { ...anna, tenantId }, files };
}

/** As 30 days and the last reminder have passed. */
async function isDue({ tenantId }: Seeded): Promise<void> {
  await atrium.sql(
    `UPDATE tenant SET closing_since = now() - interval '31 days', closing_by = $2,
       erase_at = now() - interval '1 minute', closing_notice = 1 WHERE id = $1`,
    [tenantId, null],
  );
}

const belongsTo =
  ({ tenantId, marker, userId, anna }: Organisation) =>
  (line: string) =>
    [tenantId, marker, userId, anna.userId].some((text) => line.includes(text)) &&
    // What counts requests and jobs goes on meanwhile.
    !/^(pgboss\.|(rate_limit|session) )/.test(line);

async function contentOf(key: string): Promise<string> {
  const bytes: Buffer[] = [];
  for await (const chunk of (await storage.open(key))!.stream) bytes.push(chunk as Buffer);
  return Buffer.concat(bytes).toString();
}

const erase = () => atrium.app.get(Erasure).eraseDue();
const recordOf = async ({ tenantId }: Seeded) =>
  (
    await atrium.sql<{
      row_count: string;
      file_count: number;
      attempt: number;
      removed: Record<string, number>;
      kept: Record<string, number>;
      isDone: boolean;
    }>(
      `SELECT *, finished_at IS NOT NULL AND pending_files = '{}' AS "isDone"
       FROM organisation_erasure WHERE id = $1`,
      [tenantId],
    )
  )[0];

/** Tables in which the marker of an organisation, and of its people, is found after its erasure, and why. */
const MARKED: Readonly<Record<string, string>> = {
  billing_customer: 'who the invoice is made out to',
  invoice: 'ten years',
  invoice_counter: 'named after the seller',
  invoice_line: 'ten years',
  invoice_settlement: 'ten years',
  issued_invoice: 'ten years',
  kept_mail: 'captured in development',
  passkey: 'of a person',
  'pgboss.job': 'the mail that verifies the address of a person',
  'pgboss.job_common': 'the same',
  saved_list: 'of a member of staff',
  session: 'of a person',
  user_profile: 'of a person',
  user_token: 'of a person',
  users: 'of a person',
};

test('of an erased organisation nothing is left in any table or file, and its neighbour is as it was, byte by byte', async () => {
  const gone = await organisation('A');
  const neighbour = await organisation('B');
  const before = (await everything(atrium)).filter(belongsTo(neighbour));
  expect(before.length).toBeGreaterThan(40);
  await isDue(gone);
  await erase();

  const after = await everything(atrium);
  expect(after.filter(belongsTo(neighbour))).toEqual(before);
  expect(tablesWith(after, gone.tenantId)).toEqual(Object.keys(KEPT));
  expect(tablesWith(after, `${gone.marker}-guest@guest.test`)).toEqual(['kept_mail']);
  expect(tablesWith(after, gone.marker)).toEqual(Object.keys(MARKED));

  for (const file of gone.files) expect(await storage.get(file)).toBeNull();
  for (const file of neighbour.files) expect(await contentOf(file)).toBe(neighbour.marker);
  for (const folder of ['logo', 'export'] as const) {
    for await (const { key } of storage.list(folder)) {
      expect(await contentOf(key)).not.toContain(gone.marker);
    }
  }
  const record = await recordOf(gone);
  expect(record).toMatchObject({ isDone: true, file_count: 2, attempt: 1 });
  expect(record!.removed).toMatchObject({ tenant: 1, tenant_export: 1, invitation: 2, project: 1 });
  expect(record!.kept).toEqual({ people: 2, invoices: 2 });
});

test('the trail of an erased organisation still verifies, names nobody, and takes no further entry', async () => {
  const gone = await organisation('C');
  await isDue(gone);
  await erase();
  const { broken } = await atrium.app.get(AuditTrail).verify();
  expect(broken.filter(({ tenantId }) => tenantId === gone.tenantId)).toEqual([]);
  const entries = await atrium.sql<{ action: string; named: boolean }>(
    `SELECT action, num_nonnulls(actor_id, actor_name, subject_id, subject_name, changes, address,
       device) > 0 AS named FROM audit_entry WHERE tenant_id = $1 ORDER BY position`,
    [gone.tenantId],
  );
  expect(entries.map(({ action }) => action)).toEqual([
    'tenant.updated',
    'invitation.created',
    'tenant.erased',
  ]);
  expect(entries.some(({ named }) => named)).toBe(false);

  const append = `INSERT INTO audit_entry (tenant_id, actor_kind, action, subject_kind)
    VALUES ('${gone.tenantId}', 'system', 'tenant.updated', 'tenant')`;
  const client = await atrium.database.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL ROLE app_audit');
    await expect(client.query(append)).rejects.toThrow('the organisation is erased');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
  // An entry that is taken out of the redacted trail shows, and so does one that is blanked in another trail.
  await atrium.sql('DELETE FROM audit_entry WHERE tenant_id = $1 AND position = 1', [
    gone.tenantId,
  ]);
  const cut = await atrium.app.get(AuditTrail).verify();
  expect(cut.broken).toContainEqual(
    expect.objectContaining({ tenantId: gone.tenantId, position: 1, problem: 'missing' }),
  );
  const other = await organisation('D');
  await atrium.sql(
    `UPDATE audit_entry SET is_redacted = true, actor_id = NULL, actor_name = NULL, subject_id = NULL,
       subject_name = NULL, changes = NULL, address = NULL, device = NULL, personal_salt = NULL,
       request_id = NULL WHERE tenant_id = $1 AND position = 1`,
    [other.tenantId],
  );
  const blanked = await atrium.app.get(AuditTrail).verify();
  expect(blanked.broken).toContainEqual(
    expect.objectContaining({ tenantId: other.tenantId, position: 1, problem: 'altered' }),
  );
});

test('a request that was under way adds nothing to an organisation that is gone', async () => {
  const gone = await organisation('K');
  await isDue(gone);
  await erase();
  const late = [
    [
      `INSERT INTO project (tenant_id, name, version) VALUES ($1, 'late', 1)`,
      'fk_project_tenant_id',
    ],
    [
      `INSERT INTO billing_customer (tenant_id, provider) VALUES ($1, 'sandbox')`,
      'there is no such organisation',
    ],
  ] as const;
  for (const [statement, refusal] of late) {
    await expect(atrium.sql(statement, [gone.tenantId])).rejects.toThrow(refusal);
  }
});

test('people of an erased organisation keep their account and can create another organisation', async () => {
  const gone = await organisation('E');
  await isDue(gone);
  await erase();
  const { browser } = gone.anna;
  const page = await browser.visit('/dashboard/');
  expect(page.location).toContain('/onboarding/create-tenant/');
  await browser.visit('/onboarding/create-tenant/');
  const made = await browser.submit('/onboarding/create-tenant/', { organization: 'Anew' });
  expect(made.status).toBe(303);
  expect((await browser.visit('/dashboard/')).status).toBe(200);
});

test('an erasure that is cut off at any statement goes on where it was, and counts each row once', async () => {
  const whole = await organisation('F');
  await isDue(whole);
  await erase();
  const expected = await recordOf(whole);

  const cut = await organisation('G');
  await isDue(cut);
  const erasures = atrium.app.get(ErasureRepository);
  const real = erasures.remove.bind(erasures);
  let runs = 0;
  for (let allowed = 0; !(await recordOf(cut))?.isDone; allowed += 3) {
    let calls = 0;
    jest.spyOn(erasures, 'remove').mockImplementation(async (...given) => {
      const removed = await real(...given);
      if (++calls > allowed) throw new Error('killed');
      return removed;
    });
    await erase();
    expect(++runs).toBeLessThan(60);
  }
  const record = await recordOf(cut);
  expect(runs).toBeGreaterThan(5);
  expect(record!.attempt).toBe(runs);
  expect(record!.removed).toEqual(expected!.removed);
  expect(record!.file_count).toBe(expected!.file_count);
  expect(await atrium.sql('SELECT FROM tenant WHERE id = $1', [cut.tenantId])).toEqual([]);
});

test('two workers at once erase an organisation once', async () => {
  const gone = await organisation('H');
  await isDue(gone);
  await Promise.all([erase(), erase(), erase()]);
  await erase();
  const record = await recordOf(gone);
  expect(record!.isDone).toBe(true);
  expect(record!.removed).toMatchObject({ tenant: 1, project: 1, tenant_export: 1 });
});

test('of an erasure that ends and a change that holds the organisation neither fails', async () => {
  const gone = await organisation('N');
  await isDue(gone);
  const changing = await atrium.database.owner.connect();
  let erasing: Promise<void>;
  try {
    await changing.query('BEGIN');
    await changing.query('SELECT FROM tenant WHERE id = $1 FOR KEY SHARE', [gone.tenantId]);
    erasing = erase();
    await sleep(2_000);
    await changing.query('UPDATE user_profile SET version = version + 1 WHERE tenant_id = $1', [
      gone.tenantId,
    ]);
    await changing.query('COMMIT');
  } finally {
    changing.release();
  }
  await erasing;
  expect(await recordOf(gone)).toMatchObject({ isDone: true, attempt: 1 });
});

test('files that could not be removed are removed by the next run', async () => {
  const gone = await organisation('I');
  await isDue(gone);
  jest.spyOn(storage, 'remove').mockRejectedValue(new Error('no storage'));
  await erase();
  expect((await recordOf(gone))!.isDone).toBe(false);
  jest.restoreAllMocks();
  await erase();
  for (const file of gone.files) expect(await storage.open(file)).toBeNull();
  expect(await recordOf(gone)).toMatchObject({ isDone: true, file_count: 2 });
});

test("whoever writes the key of a neighbour's file somewhere does not have it removed by the erasure", async () => {
  const gone = await organisation('L');
  const neighbour = await organisation('M');
  const avatar = `avatar/${randomBytes(16).toString('hex')}.webp`;
  await storage.put(avatar, Buffer.from('a face'), 'image/webp');
  await atrium.sql('UPDATE user_profile SET avatar = $2 WHERE user_id = $1', [
    neighbour.anna.userId,
    avatar,
  ]);
  for (const key of [...neighbour.files, avatar, gone.files[0]]) {
    await atrium.sql(`INSERT INTO project (tenant_id, name, version) VALUES ($1, $2, 1)`, [
      gone.tenantId,
      key,
    ]);
  }
  await isDue(gone);
  await erase();
  for (const key of neighbour.files) expect(await contentOf(key)).toBe(neighbour.marker);
  expect(await contentOf(avatar)).toBe('a face');
  for (const key of gone.files) expect(await storage.open(key)).toBeNull();
  expect(await recordOf(gone)).toMatchObject({ isDone: true, file_count: 2 });
});

test('a statement of the role of erasure without any condition reaches the organisation that is being erased, and no other', async () => {
  const [gone, here] = [await organisation('J'), await organisation('O')];
  await isDue(gone);
  await atrium.sql('UPDATE tenant SET erasing_since = now(), is_active = false WHERE id = $1', [
    gone.tenantId,
  ]);
  const before = (await everything(atrium)).filter(belongsTo(here));
  const client = await atrium.database.owner.connect();
  const remaining = new Set<string>();
  try {
    for (const tenantId of [here.tenantId, gone.tenantId]) {
      for (const table of [...erasedTables(), 'billing_customer', 'tenant']) {
        await client.query('BEGIN');
        // What refers to the rows is no obstacle.
        await client.query(`SET LOCAL session_replication_role = 'replica'`);
        await client.query(
          `SELECT set_config('app.tenant_id', $1, true), set_config('role', 'app_erasure', true)`,
          [tenantId],
        );
        const { rowCount } = await client.query(`DELETE FROM ${table}`);
        if (tenantId === here.tenantId) expect([table, rowCount]).toEqual([table, 0]);
        else if (rowCount === 0) remaining.add(table);
        await client.query('COMMIT');
      }
    }
  } finally {
    client.release();
  }
  expect([...remaining]).toEqual([]);
  expect((await everything(atrium)).filter(belongsTo(here))).toEqual(before);
});

test('of the tables of jobs the role of erasure reaches the jobs, and no other', async () => {
  const reached = await atrium.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'pgboss'::regnamespace
       AND relkind IN ('r', 'p') AND (has_any_column_privilege('app_erasure', oid, 'SELECT, INSERT, UPDATE')
         OR has_table_privilege('app_erasure', oid, 'DELETE, TRUNCATE'))`,
  );
  expect(reached).toEqual([{ name: 'job' }]);
});

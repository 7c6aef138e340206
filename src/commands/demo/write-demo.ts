import type { RunSql } from '../../core/database/privileged/raw-sql.js';
import { PEOPLE } from './story.js';
import { Telling, addressOf, type Entry, type Places, type Row } from './telling.js';

/** Tables whose trigger sets the audit columns to the current time. */
const STAMPED = ['tenant', 'user_profile', 'invitation', 'project'];
const TABLES = [...STAMPED, 'users', 'session', 'audit_entry', 'audit_head'];

/**
 * Writes the demo organisation in a transaction of the owner; returns false when it exists. Past events
 * cannot be written through the application, which sets times and hashes to the present. The owner can, with
 * FORCE row-level security lifted for this transaction.
 */
export async function writeDemo(
  run: RunSql,
  passwordHash: string,
  now = new Date(),
): Promise<boolean> {
  // Locks the tables with a short timeout: concurrent requests wait briefly.
  await run(`SET LOCAL lock_timeout = '5s'`);
  await run(`LOCK TABLE ${TABLES.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  await each(TABLES, (table) => run(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`));
  await each(STAMPED, (table) => run(`ALTER TABLE ${table} DISABLE TRIGGER stamp_audit`));
  const isNew = !(await isThere(run));
  if (isNew) {
    const telling = new Telling(now, passwordHash, await placesOf(run));
    await insertAll(run, telling.rows);
    await seal(run, telling.tenantId, telling.entries);
  }
  await each(STAMPED, (table) => run(`ALTER TABLE ${table} ENABLE TRIGGER stamp_audit`));
  await each(TABLES, (table) => run(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`));
  return isNew;
}

async function isThere(run: RunSql): Promise<boolean> {
  const found = await run('SELECT 1 FROM users WHERE lower(email) = $1', [
    addressOf(PEOPLE[0]!.address),
  ]);
  return found.length > 0;
}

async function placesOf(run: RunSql): Promise<Places> {
  const rows = (await run(`SELECT code AS name, id FROM language WHERE code IN ('en', 'nl', 'fr')
    UNION ALL SELECT code, id FROM country WHERE code = 'BE'
    UNION ALL SELECT code, id FROM currency WHERE code = 'EUR'
    UNION ALL SELECT name, id FROM timezone WHERE name = 'Europe/Brussels'`)) as Array<{
    name: keyof Places;
    id: number;
  }>;
  return Object.fromEntries(rows.map(({ name, id }) => [name, id])) as Places;
}

/** Inserts referenced tables first. */
async function insertAll(run: RunSql, rows: Row[]): Promise<void> {
  const order = ['users', 'tenant', 'user_profile', 'session', 'invitation', 'project'];
  for (const table of order) {
    await each(
      rows.filter((row) => row.table === table),
      ({ values }) => insert(run, table, values),
    );
  }
}

/** Computes the hash chain of the organisation: each entry hashes itself and the previous one. */
async function seal(run: RunSql, tenantId: string, entries: Entry[]): Promise<void> {
  let previous = Buffer.alloc(32);
  for (const [index, { at, actor, action, subject, changes }] of entries.entries()) {
    await insert(run, 'audit_entry', {
      position: index + 1,
      tenant_id: tenantId,
      at,
      actor_kind: 'person',
      actor_id: actor.userId,
      actor_name: actor.name,
      action,
      subject_kind: subject.kind,
      subject_id: subject.id,
      subject_name: subject.name,
      changes: changes && JSON.stringify(changes),
      address: '192.0.2.17',
      device: actor.seen[0],
      previous_hash: previous,
      hash: previous,
    });
    const [sealed] = (await run(
      `WITH sealed AS (UPDATE audit_entry e SET hash = audit_hash(e)
         WHERE chain = $1 AND position = $2 RETURNING hash)
       SELECT hash FROM sealed`,
      [tenantId, index + 1],
    )) as Array<{ hash: Buffer }>;
    previous = Buffer.from(sealed!.hash);
  }
  const head = { chain: tenantId, position: entries.length, hash: previous };
  await insert(run, 'audit_head', head);
}

async function insert(run: RunSql, table: string, values: Record<string, unknown>): Promise<void> {
  const places = Object.keys(values).map((_, index) => `$${index + 1}`);
  await run(
    `INSERT INTO ${table} (${Object.keys(values).join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(values),
  );
}

async function each<T>(all: T[], act: (one: T) => Promise<unknown>): Promise<void> {
  for (const one of all) await act(one);
}

import type { RunSql } from '../../core/database/privileged/raw-sql.js';
import { installedFeatures } from '../../core/features/registry.js';
import '../../features.js';
import { PEOPLE } from './story.js';
import { Telling, addressOf, type Entry, type Places, type Row } from './telling.js';

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
  const telling = await tellingAt(now, passwordHash, await placesOf(run));
  const written = [...new Set(telling.rows.map(({ table }) => table))];
  const tables = [...written, 'audit_entry', 'audit_head'];
  const stamped = await stampedAmong(run, written);
  // Locks the tables with a short timeout: concurrent requests wait briefly.
  await run(`SET LOCAL lock_timeout = '5s'`);
  await run(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  await each(tables, (table) => run(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`));
  await each(stamped, (table) => run(`ALTER TABLE ${table} DISABLE TRIGGER stamp_audit`));
  const isNew = !(await isThere(run));
  if (isNew) {
    await insertAll(run, written, telling.rows);
    await linkEntries(run, telling.tenantId, telling.entries);
  }
  await each(stamped, (table) => run(`ALTER TABLE ${table} ENABLE TRIGGER stamp_audit`));
  await each(tables, (table) => run(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`));
  return isNew;
}

/** The organisation and its people, and what each feature adds. */
async function tellingAt(now: Date, passwordHash: string, places: Places): Promise<Telling> {
  const telling = new Telling(now, passwordHash, places);
  for (const { demo } of installedFeatures()) (await demo?.())?.tell(telling);
  return telling;
}

/** Those whose trigger sets the audit columns to the current time. */
async function stampedAmong(run: RunSql, tables: string[]): Promise<string[]> {
  const rows = (await run(
    `SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger
     WHERE tgname = 'stamp_audit' AND tgrelid::regclass::text = ANY ($1)`,
    [tables],
  )) as Array<{ name: string }>;
  return rows.map(({ name }) => name);
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

/** Inserts referenced tables first, in the order in which they are first told of. */
async function insertAll(run: RunSql, tables: string[], rows: Row[]): Promise<void> {
  for (const table of tables) {
    await each(
      rows.filter((row) => row.table === table),
      ({ values }) => insert(run, table, values),
    );
  }
}

/** Computes the hash chain of the organisation: each entry hashes itself and the previous one. */
async function linkEntries(run: RunSql, tenantId: string, entries: Entry[]): Promise<void> {
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

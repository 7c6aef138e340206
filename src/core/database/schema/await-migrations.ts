import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { MIGRATION_LOCK, MIGRATIONS_TABLE, migrationClasses, NO_TIME_LIMIT } from './migrate.js';

/** SQLSTATEs of tables that do not exist yet or are not readable by this login (42P01, 42501). */
const NOT_YET = new Set(['42P01', '42501']);

/**
 * Resolves once `atrium migrate` has applied every migration of this code. Waits without limit: the
 * orchestrator decides how long a start may take.
 */
export async function awaitMigrations(url: string): Promise<void> {
  const log = new Logger('Migrations');
  for (let round = 0; ; round++) {
    const pending = await pendingMigrations(url);
    if (pending.length === 0) return;
    if (round % 30 === 0) log.warn(`Waiting for ${pending.length} migrations to be applied`);
    await sleep(1_000);
  }
}

async function pendingMigrations(url: string): Promise<string[]> {
  const names = (await migrationClasses()).map(({ name }) => name);
  const client = new pg.Client({
    connectionString: url,
    options: NO_TIME_LIMIT,
    connectionTimeoutMillis: 5_000,
  });
  // The failed statement reports the error.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // The migrating process holds this lock until its last step is done.
    await client.query('SELECT pg_advisory_lock_shared($1)', [MIGRATION_LOCK]);
    const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE}`);
    const applied = new Set(rows.map(({ name }) => name));
    return names.filter((name) => !applied.has(name));
  } catch (error) {
    if (!NOT_YET.has(String((error as { code?: unknown }).code))) throw error;
    return names;
  } finally {
    await client.end();
  }
}

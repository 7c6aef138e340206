import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** A pool over logical connections, and what it takes to end it. */
export function poolOver(database: { connect(): Duplex }, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ max: 10, ...options, stream: () => database.connect() });
  // A client that is cut while idle is reported here; the tests look at what its queries say.
  pool.on('error', () => undefined);
  return pool;
}

export async function transaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

export async function valueOf(
  client: Pick<pg.Pool, 'query'>,
  sql: string,
  values?: unknown[],
): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({ text: sql, values, rowMode: 'array' } as never);
  return rows[0]?.[0];
}

/** A folder of its own for a test, removed by `remove`. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'atrium-embedded-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** Leaves nothing behind: neither the snapshot, nor the template and what was copied from it. */
export default async function tearDown() {
  const { ATRIUM_TEST_SNAPSHOT: snapshot, ATRIUM_TEST_TEMPLATE: template } = process.env;
  if (snapshot) rmSync(dirname(snapshot), { recursive: true, force: true });
  if (!template) return;
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await client.connect();
  const { rows } = await client.query('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `${template}%`,
  ]);
  for (const { datname } of rows) {
    await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
  await client.end();
}

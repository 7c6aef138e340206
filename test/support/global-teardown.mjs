import { rmSync } from 'node:fs';

/** Leaves nothing behind: neither the template nor what was copied from it. */
export default async function tearDown() {
  const { ATRIUM_TEST_ENGINE: engine, ATRIUM_TEST_TEMPLATE: template } = process.env;
  if (!template) return;
  if (engine !== 'server') return rmSync(template, { recursive: true, force: true });
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

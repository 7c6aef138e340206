// One migrated database for the whole run, with all reference data; every test file starts from a copy.
// Uses the compiled code: `npm test` brings it up to date first.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';

export default async function setUp() {
  const { readConfig } = await import('../../dist/src/core/config/config.js');
  const { DatabaseServer } = await import('../../dist/src/core/database/database-server.js');
  const { prepareDatabase } = await import('../../dist/src/prepare-database.js');
  process.env.NODE_ENV = 'test';

  if (process.env.ATRIUM_TEST_ENGINE === 'server') {
    const { default: pg } = await import('pg');
    const url = new URL(process.env.TEST_DATABASE_URL);
    const template = `atrium_test_${process.pid}_${Date.now().toString(36)}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(`CREATE DATABASE ${template}`);
    await client.end();
    url.pathname = `/${template}`;
    const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: url.href });
    await prepareDatabase(config, DatabaseServer.remote(url.href));
    process.env.ATRIUM_TEST_TEMPLATE = template;
    return;
  }
  const { EmbeddedDatabase } =
    await import('../../dist/src/core/database/embedded/embedded-database.js');
  const engine = await EmbeddedDatabase.open();
  await prepareDatabase(readConfig({ NODE_ENV: 'test' }), DatabaseServer.embedded(engine));
  const file = join(mkdtempSync(join(tmpdir(), 'atrium-snapshot-')), 'snapshot.tar');
  writeFileSync(file, Buffer.from(await (await engine.dump()).arrayBuffer()));
  await engine.close();
  process.env.ATRIUM_TEST_SNAPSHOT = file;
}

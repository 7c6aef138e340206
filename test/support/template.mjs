// One migrated database for the whole run, with all reference data; every test file starts from a copy.
// Prints what names it. A process of its own: TypeORM keeps the entities of a process in one list, and
// these are of the compiled code, which `npm test` brings up to date first.
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import pg from 'pg';
import { readConfig } from '../../dist/src/core/config/read-config.js';
import { DatabaseServer } from '../../dist/src/core/database/database-server.js';
import { EmbeddedDatabase } from '../../dist/src/pglite-wire/pglite-wire.js';
import { prepareDatabase } from '../../dist/src/prepare-database.js';

process.stdout.write(
  process.env.ATRIUM_TEST_ENGINE === 'server' ? await onServer() : await embedded(),
);

async function onServer() {
  const url = new URL(process.env.TEST_DATABASE_URL);
  const template = `atrium_test_${process.pid}_${Date.now().toString(36)}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`CREATE DATABASE ${template}`);
  await client.end();
  url.pathname = `/${template}`;
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: url.href });
  await prepareDatabase(config, DatabaseServer.remote(url.href));
  return template;
}

async function embedded() {
  // Within a test of another run (test/adopters), from the database of that one, as an upgrade would.
  const before = process.env.ATRIUM_TEST_TEMPLATE;
  const folder = mkdtempSync(join(tmpdir(), 'atrium-template-'));
  if (before) cpSync(before, folder, { recursive: true });
  const engine = await EmbeddedDatabase.open({ folder });
  await prepareDatabase(readConfig({ NODE_ENV: 'test' }), DatabaseServer.embedded(engine));
  const owner = new pg.Client({ user: 'postgres', stream: () => engine.connect() });
  await owner.connect();
  for (const name of ['template0', 'template1']) {
    await owner.query(`UPDATE pg_database SET datistemplate = false WHERE datname = '${name}'`);
    await owner.query(`DROP DATABASE IF EXISTS ${name}`);
  }
  await owner.end();
  await engine.close();
  return folder;
}

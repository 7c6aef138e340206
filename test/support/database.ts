import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DatabaseServer } from '../../src/core/database/database-server.js';
import { EmbeddedDatabase } from '../../src/pglite-wire/pglite-wire.js';

export type TestEngine = 'embedded' | 'server';

/** The engine this run is about; `npm test` runs everything on the embedded one, then on a server. */
export const ENGINE: TestEngine =
  process.env.ATRIUM_TEST_ENGINE === 'server' ? 'server' : 'embedded';

/** A database of its own for one test file, with every migration and all reference data. */
export interface TestDatabase {
  server: DatabaseServer;
  /** Of a server; the embedded engine has none. */
  url?: string;
  /** A connection as the owner, who sees all rows, to inspect results. */
  owner: pg.Pool;
  drop(): Promise<void>;
}

export async function freshDatabase(): Promise<TestDatabase> {
  return ENGINE === 'server' ? onServer() : embedded();
}

/** A pool does not wait until an idle connection is closed: its server may be faster, and says so. */
async function embedded(): Promise<TestDatabase> {
  const engine = await EmbeddedDatabase.open({ copyOf: required('ATRIUM_TEST_TEMPLATE') });
  const owner = new pg.Pool({ user: 'postgres', stream: () => engine.connect() });
  owner.on('error', () => undefined);
  return {
    server: DatabaseServer.embedded(engine),
    owner,
    drop: async () => {
      await owner.end();
      await engine.close();
    },
  };
}

async function onServer(): Promise<TestDatabase> {
  const template = required('ATRIUM_TEST_TEMPLATE');
  // Random names, not counters: one process runs many test files, each of which would start at one.
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  await asMaintainer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(required('TEST_DATABASE_URL'));
  url.pathname = `/${name}`;
  const owner = new pg.Pool({ connectionString: url.href, max: 4 });
  owner.on('error', () => undefined);
  return {
    server: DatabaseServer.remote(url.href),
    url: url.href,
    owner,
    drop: async () => {
      await owner.end();
      await asMaintainer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** A template can be copied by one at a time: another test file may be copying it now. */
async function asMaintainer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: required('TEST_DATABASE_URL') });
  await client.connect();
  try {
    for (let tries = 1; ; tries++) {
      try {
        await client.query(statement);
        return;
      } catch (error) {
        const isBusy = (error as { code?: string }).code === '55006';
        if (!isBusy || tries > 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  } finally {
    await client.end();
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`npm test\``);
  return value;
}

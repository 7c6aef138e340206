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
  /** Of a server; the embedded engine has none. It leads to the pooler, where these tests are run through one. */
  url?: string;
  /** Of the server itself, where there is a pooler. */
  directUrl?: string;
  /** What a process of its own is told of it. */
  settings: { DATABASE_URL?: string; DIRECT_DATABASE_URL?: string };
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
    settings: {},
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
  const direct = new URL(required('TEST_DATABASE_URL'));
  direct.pathname = `/${name}`;
  const { url, directUrl } = wayTo(direct);
  const owner = new pg.Pool({ connectionString: direct.href, max: 4 });
  owner.on('error', () => undefined);
  return {
    server: DatabaseServer.remote(url, directUrl),
    url,
    ...(directUrl ? { directUrl } : {}),
    settings: settingsFor(direct),
    owner,
    drop: async () => {
      await owner.end();
      await asMaintainer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Through the pooler in front of the server (TEST_POOLER, its host and port), where there is one. */
function wayTo(direct: URL): { url: string; directUrl?: string } {
  const { TEST_POOLER: pooler } = process.env;
  if (!pooler) return { url: direct.href };
  const url = new URL(direct);
  url.host = pooler;
  return { url: url.href, directUrl: direct.href };
}

/** What a process is told of a database of the server of the tests. */
export function settingsFor(direct: URL): TestDatabase['settings'] & { DATABASE_URL: string } {
  const { url, directUrl } = wayTo(direct);
  return { DATABASE_URL: url, ...(directUrl ? { DIRECT_DATABASE_URL: directUrl } : {}) };
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

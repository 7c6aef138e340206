import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { joinEmbedded } from '../../src/pglite-wire/pglite-wire.js';
import { ENGINE, settingsFor } from '../support/database.js';
import { temporaryFolder } from './support.js';

/** Where the processes of one test file keep their data: on the engine this run is about. */
export interface ProcessDatabase {
  settings: { DATA_DIR: string; DATABASE_URL?: string; DIRECT_DATABASE_URL?: string };
  /** As its owner, beside whatever runs. */
  sql<T = Record<string, unknown>>(text: string): Promise<T[]>;
}

export function databaseOfItsOwn(): ProcessDatabase {
  const DATA_DIR = join(temporaryFolder(), 'data');
  if (ENGINE === 'embedded') {
    return {
      settings: { DATA_DIR },
      sql: async (text) => {
        const engine = await joinEmbedded(`${DATA_DIR}/database`);
        const login = { user: 'postgres', database: 'postgres', password: '' };
        try {
          return await ask(new pg.Client({ ...login, stream: () => engine.connect() }), text);
        } finally {
          await engine.close();
        }
      },
    };
  }
  const server = process.env.TEST_DATABASE_URL!;
  const name = `atrium_process_${randomBytes(4).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const maintain = (text: string) => ask(new pg.Client({ connectionString: server }), text);
  beforeAll(() => maintain(`CREATE DATABASE ${name}`));
  afterAll(() => maintain(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  return {
    settings: { DATA_DIR, ...settingsFor(url) },
    sql: (text) => ask(new pg.Client({ connectionString: url.href }), text),
  };
}

async function ask<T>(client: pg.Client, text: string): Promise<T[]> {
  await client.connect();
  try {
    return (await client.query(text)).rows as T[];
  } finally {
    await client.end();
  }
}

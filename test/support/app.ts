import type { Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from '../../src/core/config/config.js';
import { readConfig } from '../../src/core/config/read-config.js';
import { DatabaseServer } from '../../src/core/database/database-server.js';
import type { EmbeddedDatabase } from '../../src/pglite-wire/pglite-wire.js';
import { createApp } from '../../src/create-app.js';
import { ApiClient } from './api.js';
import { Browser } from './browser.js';
import { freshDatabase, type TestDatabase } from './database.js';
import { Mailbox } from './mailbox.js';
import { People } from './people.js';

/** The application as in production, on a database of its own. */
export interface TestApp {
  app: NestExpressApplication;
  server: Server;
  config: AppConfig;
  database: TestDatabase;
  /** Rows as the owner sees them. */
  sql<T = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]>;
  /** A visitor with no history. */
  browser(): Browser;
  /** A client of the API, not signed in. */
  api(): ApiClient;
  mails: Mailbox;
  people: People;
  /** Another process of the application on the same database, as far as one process can be two. */
  replica(): Promise<Replica>;
  stop(): Promise<void>;
}

export interface Replica {
  app: NestExpressApplication;
  server: Server;
  stop(): Promise<void>;
}

/** Settings of every test: low hashing cost and high limits, unless a test is about them. */
const SETTINGS = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  BCRYPT_COST: '4',
  RATE_LIMIT_MULTIPLIER: '1000',
  APP_SECRET: 'a secret for tests, long enough to be one',
  APP_URL: 'http://atrium.test',
};

/**
 * `modules`: besides the application's own, where a test is about what somebody might add.
 * `reach`: how the application comes to its database, where a test is about the way there.
 */
export async function startApp(
  settings: Record<string, string> = {},
  modules: Type[] = [],
  reach?: (database: TestDatabase) => Promise<DatabaseServer>,
): Promise<TestApp> {
  const database = await freshDatabase();
  // A temporary data folder per run.
  const folder = mkdtempSync(join(tmpdir(), 'atrium-app-'));
  const clear = async () => {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  };
  if (reach) database.server = await reach(database);
  const config = readConfig({ ...SETTINGS, DATA_DIR: folder, ...settings });
  const app = await listening(config, database, modules).catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  const server = app.getHttpServer();
  const sql = async <T>(text: string, values: unknown[] = []) =>
    (await database.owner.query(text, values)).rows as T[];
  const browser = () => new Browser(server);
  const atrium: TestApp = {
    app,
    server,
    config,
    database,
    sql,
    browser,
    api: () => new ApiClient(server),
    mails: new Mailbox(sql, config),
    people: new People(app, sql, browser),
    replica: async () => {
      const other = await createApp(config, sharedBy(database), modules);
      await other.listen(0, '127.0.0.1');
      return { app: other, server: other.getHttpServer(), stop: () => other.close() };
    },
    stop: async () => {
      try {
        await app.close();
      } finally {
        await clear();
        release(atrium);
      }
    },
  };
  return atrium;
}

/**
 * Node never unloads the module of a test file, nor what its variables hold: of a stopped application they hold
 * no more than this empty object and a server without listeners.
 */
function release(atrium: TestApp): void {
  atrium.server.removeAllListeners();
  atrium.people.release();
  const properties: Partial<TestApp> = atrium;
  for (const name of Object.keys(properties)) delete properties[name as keyof TestApp];
}

async function listening(config: AppConfig, database: TestDatabase, modules: Type[]) {
  const app = await createApp(config, database.server, modules);
  try {
    await app.listen(0, '127.0.0.1');
    return app;
  } catch (error) {
    // It listens to the signals of the process, which is that of other tests.
    await app.close();
    throw error;
  }
}

/** The embedded engine of the first application, which the second must leave running. */
function sharedBy({ server, url, directUrl }: TestDatabase): DatabaseServer {
  if (url) return DatabaseServer.remote(url, directUrl);
  const connect = server.address.connect as EmbeddedDatabase['connect'];
  return DatabaseServer.embedded({ connect, close: () => Promise.resolve() });
}

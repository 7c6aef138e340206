import { EventEmitter } from 'node:events';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { ReferenceTables1790000000000 } from '../../migrations/1790000000000-reference-tables.js';
import { ReadableNames } from '../../src/core/database/schema/naming-strategy.js';
import { Country } from '../../src/reference/country.entity.js';
import { Currency } from '../../src/reference/currency.entity.js';
import { Language } from '../../src/reference/language.entity.js';
import type { Query } from '../../src/reference/reference-loader.js';
import { Timezone } from '../../src/reference/timezone.entity.js';

/** A fresh database with the reference tables, still empty. */
export interface ReferenceDatabase {
  query: Query;
  dataSource: () => Promise<DataSource>;
  drop: () => Promise<void>;
}

export const engines: [name: string, open: () => Promise<ReferenceDatabase>][] = [
  ['PGlite', openEmbedded],
];
const server = process.env.TEST_DATABASE_URL;
if (server) engines.push(['PostgreSQL', () => openOnServer(server)]);

async function openEmbedded(): Promise<ReferenceDatabase> {
  const engine = await PGlite.create();
  const query: Query = async (sql, params) => (await engine.query(sql, params)).rows;
  await migrateUp(query);
  return {
    query,
    dataSource: () => dataSource({ driver: { Pool: poolOver(engine) } }),
    drop: () => engine.close(),
  };
}

async function openOnServer(url: string): Promise<ReferenceDatabase> {
  const name = `reference_${process.pid}_${Date.now()}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: own.href });
  await client.connect();
  const query: Query = async (sql, params) => (await client.query(sql, params)).rows as unknown[];
  await migrateUp(query);
  return {
    query,
    dataSource: () => dataSource({ url: own.href }),
    drop: async () => {
      await client.end();
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}

async function migrateUp(query: Query): Promise<void> {
  await new ReferenceTables1790000000000().up({ query } as unknown as QueryRunner);
}

function dataSource(options: object): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    namingStrategy: new ReadableNames(),
    installExtensions: false,
    entities: [Country, Language, Timezone, Currency],
    ...options,
  }).initialize();
}

/** As much of `pg` as TypeORM needs to compare a schema: every connection is the one engine. */
function poolOver(engine: PGlite) {
  return class extends EventEmitter {
    connect(done: (error: null, connection: EventEmitter, release: () => void) => void): void {
      const connection = Object.assign(new EventEmitter(), {
        query: (sql: string, params?: unknown[]) => engine.query(sql, params),
      });
      done(null, connection, () => undefined);
    }

    end(done: () => void): void {
      done();
    }
  };
}

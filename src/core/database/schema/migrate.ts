import { readdir } from 'node:fs/promises';
import { DataSource, type MigrationInterface } from 'typeorm';
import type { AppConfig } from '../../config/config.js';
import { dataSourceOptions, type DatabaseAddress } from './data-source-options.js';
import { DATABASE_ROLES } from '../privileged/database-roles.js';
import { poolOf } from '../read-path/pipelined-read.js';
import { rawSqlOn, type RunSql } from '../privileged/raw-sql.js';

type MigrationClass = new () => MigrationInterface;

/** A step after the migrations that needs the owner's rights: reference data, the job tables. */
export type OwnerStep = (owner: Owner) => Promise<void>;

export interface Owner {
  run: RunSql;
  inTransaction(work: (run: RunSql) => Promise<void>): Promise<void>;
}

/**
 * Applies migrations as the owner of the database, under an advisory lock: of several replicas one migrates
 * and the others wait. Then runs `steps`, each of them idempotent.
 */
export async function migrate(
  config: AppConfig,
  address: DatabaseAddress,
  steps: OwnerStep[] = [],
): Promise<void> {
  const url = config.MIGRATION_DATABASE_URL ?? address.directUrl;
  const options = dataSourceOptions(config, url ? { ...address, url } : address, 2);
  const owner = new DataSource({
    ...options,
    // The embedded engine has one process, and waits for none.
    ...(address.connect ? {} : { extra: { ...(options.extra as object), options: NO_TIME_LIMIT } }),
    migrations: await migrationClasses(),
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
  });
  await owner.initialize();
  const lock = owner.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await owner.runMigrations();
    for (const step of steps) await step(asOwner(owner));
    await admitLogin(config, owner);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await owner.destroy();
  }
}

function asOwner(dataSource: DataSource): Owner {
  return {
    run: rawSqlOn(poolOf(dataSource)),
    inTransaction: (work) =>
      dataSource.transaction((manager) =>
        work((text, values) => manager.query<unknown[]>(text, values)),
      ),
  };
}

/** Every migration of `migrations/`, oldest first. */
export async function migrationClasses(): Promise<MigrationClass[]> {
  const folder = new URL('../../../../migrations/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => /^\d+-[\w-]+\.(ts|js)$/.test(file)).sort();
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, folder).href) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.values(module) as MigrationClass[]);
}

export const MIGRATIONS_TABLE = 'migrations';
/** Key of the advisory lock of a migration. */
export const MIGRATION_LOCK = 4_178_201;
/**
 * Waiting for the lock may take as long as another replica's whole migration. A pooler, which would lend the lock to
 * others, refuses the connection for it.
 */
export const NO_TIME_LIMIT = '-c statement_timeout=0';

/**
 * Grants the application's login the roles without inheritance: outside of `SET ROLE` it has none of their
 * rights.
 */
async function admitLogin(config: AppConfig, owner: DataSource): Promise<void> {
  const login = config.MIGRATION_DATABASE_URL && decodeURIComponent(userOf(config.DATABASE_URL));
  if (!login) return;
  const roles = Object.values(DATABASE_ROLES).join(', ');
  await owner.query(`DO $$ BEGIN
    IF current_user <> ${literal(login)} THEN
      IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT ${roles} TO %I WITH INHERIT FALSE', ${literal(login)});
      ELSE
        EXECUTE format('GRANT ${roles} TO %I', ${literal(login)});
        IF (SELECT rolinherit AND NOT rolsuper FROM pg_roles WHERE rolname = ${literal(login)}) THEN
          EXECUTE format('ALTER ROLE %I NOINHERIT', ${literal(login)});
        END IF;
      END IF;
      EXECUTE format('GRANT SELECT ON ${MIGRATIONS_TABLE} TO %I', ${literal(login)});
      EXECUTE format('GRANT USAGE ON SCHEMA pgboss TO %I', ${literal(login)});
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgboss TO %I', ${literal(login)});
    END IF;
  END $$`);
}

function userOf(url: string | undefined): string {
  return url ? new URL(url).username : '';
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

import type { Duplex } from 'node:stream';
import type { DataSourceOptions } from 'typeorm';
import type { AppConfig } from '../config/config.js';
import { ReadableNames } from './naming-strategy.js';

/** How to reach the database: a server's address, or the embedded engine's own stream. */
export interface DatabaseAddress {
  url?: string;
  connect?: () => Duplex;
}

/** Options every data source of the process shares: names, UTC, timeouts, one pool. */
export function dataSourceOptions(
  config: AppConfig,
  { url, connect }: DatabaseAddress,
  poolSize = config.DATABASE_POOL_SIZE,
): DataSourceOptions {
  return {
    type: 'postgres',
    ...(connect ? { username: 'postgres', database: 'postgres', password: '' } : { url }),
    namingStrategy: new ReadableNames(),
    uuidExtension: 'pgcrypto', // gen_random_uuid(), part of PostgreSQL itself since 13
    installExtensions: false,
    synchronize: false,
    logging: false,
    poolSize,
    applicationName: 'atrium',
    extra: {
      ...(connect ? { stream: connect } : {}),
      // Statements of one unit of work that need not wait for each other are sent together.
      pipeline: true,
      // Never wait for ever: for a connection, or for a statement that hangs.
      connectionTimeoutMillis: 5_000,
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 30_000,
    },
  };
}

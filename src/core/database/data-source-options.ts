import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'pg';
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

/** A statement may take 15 s: a connection that says nothing for longer leads nowhere. */
const SILENCE_MS = 20_000;

/** Those of the pool requests and jobs work on; `observing` watches its statements. */
export function applicationOptions(
  config: AppConfig,
  address: DatabaseAddress,
  observing?: typeof Client,
): DataSourceOptions {
  const options = dataSourceOptions(config, address);
  const extra = {
    ...(options.extra as object),
    ...(address.connect ? {} : { stream: impatientSocket }),
    ...(observing ? { Client: observing } : {}),
  };
  return { ...options, extra };
}

/**
 * A connection whose other end has vanished without a word is given up: `statement_timeout` is the
 * server's, and TCP itself would wait for a quarter of an hour.
 */
function impatientSocket(): Socket {
  const socket = new Socket();
  socket.setTimeout(SILENCE_MS, () => {
    const error = new Error('The database connection has been silent for too long');
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  });
  return socket;
}

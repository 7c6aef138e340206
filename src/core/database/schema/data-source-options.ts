import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { AppConfig } from '../../config/config.js';
import { ReadableNames } from './naming-strategy.js';

/** How to reach the database: a server's address, or the embedded engine's own stream. */
export interface DatabaseAddress {
  url?: string;
  connect?: () => Duplex;
}

/** Options every data source of the process shares. A migration may take as long as it takes. */
export function dataSourceOptions(
  config: AppConfig,
  { url, connect }: DatabaseAddress,
  poolSize = config.DATABASE_POOL_SIZE,
): DataSourceOptions {
  return {
    type: 'postgres',
    ...(connect ? { username: 'postgres', database: 'postgres', password: '' } : { url: url! }),
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
      connectionTimeoutMillis: 10_000,
      onConnect: surviveLoss,
    },
  };
}

/**
 * A connection that is lost ends its statements with an error and leaves the pool. The `error` event its
 * client emits as well would end the process if nobody listened, and the pool listens to idle clients only.
 */
function surviveLoss(client: Client): void {
  client.on('error', ({ message }) =>
    new Logger('Database').warn(`A connection to the database was lost: ${message}`),
  );
}

/** A request waits so long for a new connection, or for one of the pool to become free. */
const CONNECT_MS = 3_000;

/** A connection that says nothing for so much longer than a statement may take leads nowhere. */
const SILENCE_MS = 5_000;

/** Those of the pool requests and jobs work on, which never wait for ever; `observing` watches its statements. */
export function applicationOptions(
  config: AppConfig,
  address: DatabaseAddress,
  observing?: typeof Client,
): DataSourceOptions {
  const options = dataSourceOptions(config, address);
  const patience = config.STATEMENT_TIMEOUT_SECONDS * 1000;
  const extra = {
    ...(options.extra as object),
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: patience,
    idle_in_transaction_session_timeout: 2 * patience,
    ...(address.connect ? {} : { stream: () => impatientSocket(patience + SILENCE_MS) }),
    ...(observing ? { Client: observing } : {}),
  };
  return { ...options, extra };
}

/**
 * A connection whose other end has vanished without a word is given up: `statement_timeout` is the
 * server's, and TCP itself would wait for a quarter of an hour.
 */
function impatientSocket(patience: number): Socket {
  const socket = new Socket();
  socket.setTimeout(patience, () => {
    const error = new Error('The database connection has been silent for too long');
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  });
  return socket;
}

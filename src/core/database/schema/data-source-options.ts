import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import type { AppConfig } from '../../config/config.js';
import type { TimeLimits } from '../time-limits.js';
import { ReadableNames } from './naming-strategy.js';

/** Address of a server, or the stream of the embedded engine. */
export interface DatabaseAddress {
  url?: string;
  /** Of the server itself, where `url` is a pooler: whoever keeps something in the session connects there. */
  directUrl?: string;
  connect?: () => Duplex;
}

/** Options of every data source. Migrations have no statement timeout. */
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
      // Pipelines independent statements of one unit of work.
      pipeline: true,
      connectionTimeoutMillis: 10_000,
      onConnect: surviveLoss,
    },
  };
}

/**
 * A lost connection fails its statements and leaves the pool. Its `error` event would end the process if
 * nobody listened, and the pool listens to idle clients only.
 */
function surviveLoss(client: Client): void {
  client.on('error', ({ message }) =>
    new Logger('Database').warn(`A connection to the database was lost: ${message}`),
  );
}

/** Maximum time a request waits for a connection, in ms. */
const CONNECT_MS = 3_000;

/** A connection that is silent this much longer than the statement timeout is considered dead, in ms. */
const SILENCE_MS = 5_000;

/** Options of the pool for requests and jobs, with time limits; `observing` logs and traces statements. */
export function applicationOptions(
  config: AppConfig,
  address: DatabaseAddress,
  observing?: typeof Client,
): DataSourceOptions {
  const options = dataSourceOptions(config, address);
  const patience = config.STATEMENT_TIMEOUT_SECONDS * 1000;
  const limits: TimeLimits = {
    statement_timeout: patience,
    idle_in_transaction_session_timeout: 2 * patience,
  };
  const extra = {
    ...(options.extra as object),
    connectionTimeoutMillis: CONNECT_MS,
    ...(address.directUrl ? { limits } : limits),
    ...(address.connect ? {} : { stream: () => impatientSocket(patience + SILENCE_MS) }),
    ...(observing ? { Client: observing } : {}),
  };
  return { ...options, extra };
}

/**
 * Closes a connection whose peer vanished: `statement_timeout` is enforced by the server, and TCP would wait
 * a quarter of an hour.
 */
function impatientSocket(patience: number): Socket {
  const socket = new Socket();
  socket.setTimeout(patience, () => {
    const error = new Error('The database connection has been silent for too long');
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  });
  return socket;
}

import type { Duplex } from 'node:stream';
import type pg from 'pg';
import {
  currentContext,
  isOwnContext,
  type RequestContext,
} from '../../context/request-context.js';

/** A borrowed connection and its number of reads under way. */
export interface Loan {
  scope: Readonly<RequestContext>;
  pool: pg.Pool;
  client: Promise<pg.PoolClient>;
  readers: number;
  /** The error after which the connection must be discarded. */
  broken?: Error;
}

let latest: Loan | undefined;

/**
 * Concurrent reads of one request share a connection: they are sent together, each with its context, and a
 * request takes no more of the pool than another.
 */
export function borrow(pool: pg.Pool): Loan {
  const scope = currentContext();
  if (latest?.scope === scope && latest.pool === pool && isOwnContext(scope)) {
    latest.readers += 1;
    return latest;
  }
  const loan = { scope, pool, client: pool.connect(), readers: 1 };
  latest = loan;
  process.nextTick(() => {
    if (latest === loan) latest = undefined;
  });
  return loan;
}

/** Corks the connection until the end of the tick, so that all its messages are sent in one piece. */
export function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Returns the connection to the pool after its last read, or discards it when broken. */
export function giveBack(loan: Loan, client: pg.PoolClient): void {
  loan.readers -= 1;
  if (loan.readers === 0) client.release(loan.broken);
}

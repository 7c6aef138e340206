import type { Duplex } from 'node:stream';
import type pg from 'pg';
import {
  currentContext,
  isOwnContext,
  type RequestContext,
} from '../../context/request-context.js';

/** A connection, and how many reads are under way on it. */
export interface Loan {
  scope: Readonly<RequestContext>;
  pool: pg.Pool;
  client: Promise<pg.PoolClient>;
  readers: number;
  /** Why the connection is of no use any more. */
  broken?: Error;
}

let latest: Loan | undefined;

/**
 * Reads one request asks for at once share a connection: they travel together, each with its context,
 * and no request takes more of the pool than another.
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

/** What is asked on this connection before the tick is over goes out in one piece. */
export function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** The last of its readers returns the connection to the pool, or has it closed. */
export function giveBack(loan: Loan, client: pg.PoolClient): void {
  loan.readers -= 1;
  if (loan.readers === 0) client.release(loan.broken);
}

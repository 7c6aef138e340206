import type pg from 'pg';

/** PostgreSQL's settings, in ms. */
export interface TimeLimits {
  statement_timeout: number;
  idle_in_transaction_session_timeout: number;
}

/**
 * SQL that sets the time limits of the pool for one transaction, to follow other calls of `set_config`. Empty where
 * each connection begins with them: a pooler takes no such parameters, and gives a session for one transaction only.
 */
export function limitsOf(pool: pg.Pool): string {
  const { limits } = pool.options as { limits?: TimeLimits };
  if (!limits) return '';
  return Object.entries(limits)
    .map(([name, ms]) => `, set_config('${name}', '${ms}', true)`)
    .join('');
}

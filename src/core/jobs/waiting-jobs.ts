/** States of jobs that are not done, as the metric of waiting jobs names them. */
export const STATES = ['ready', 'deferred', 'active'] as const;

/** How many jobs of a queue are in a state. */
export interface Waiting {
  queue: string;
  state: (typeof STATES)[number];
  value: number;
}

/** Counts them by queue and state. */
export const WAITING = `SELECT name AS queue, count(*)::int AS value,
    CASE WHEN state = 'active' THEN 'active' WHEN start_after > now() THEN 'deferred' ELSE 'ready' END AS state
  FROM pgboss.job WHERE state IN ('created', 'retry', 'active') GROUP BY 1, 3`;

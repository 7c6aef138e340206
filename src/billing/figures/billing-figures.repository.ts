import { Injectable } from '@nestjs/common';
import type { CountedFigures } from '../../core/back-office/start/start-figures.js';
import { staffRole } from '../../core/database/privileged/staff.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

/** One day in UTC (`2026-02-28`). */
export interface BillingDay {
  day: string;
  /** Monthly recurring revenue in minor units, as text, by currency. */
  mrr: Readonly<Record<string, string>>;
  started: number;
  churned: number;
  trials: number;
  overdue: number;
}

export interface BillingFigures extends CountedFigures {
  /** The last sixty days and those of the month before, so that thirty days and this month can be compared. */
  days: BillingDay[];
  /** Subscriptions in these states now. */
  trialing: number;
  pastDue: number;
  /** Notifications that wait for staff. */
  parked: number;
}

/** Figures of all subscriptions. */
@Injectable()
export class BillingFiguresRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** One statement: live subscriptions, and those that ended in the period. */
  async count(): Promise<BillingFigures> {
    const [row] = await this.unitOfWork.read<BillingFigures>(
      { name: 'admin-billing', text: COUNTED_BILLING },
      staffRole,
    );
    return row!;
  }
}

const TODAY = `(now() AT TIME ZONE 'UTC')::date`;
/** Sixty days ago, or the first of the month before. Uses `now()` only, so that the planner can estimate. */
const FIRST_DAY = `least(${TODAY} - 59,
  (date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month')::date)`;

/**
 * Each subscription adds to the day on which something begins and takes from the day on which it ends; the running
 * sum is what holds on a day. Past days are told by the seats and the price of today, since no others are kept.
 * What was never paid counts for nothing, and neither does what is suspended.
 */
export const COUNTED_BILLING = `WITH
  dated AS (
    SELECT currency, status, unit_amount::numeric * quantity
        / CASE billing_interval WHEN 'year' THEN 12 ELSE 1 END AS monthly,
      (started_at AT TIME ZONE 'UTC')::date AS started,
      (coalesce(trial_ends_at, started_at) AT TIME ZONE 'UTC')::date AS paid_from,
      CASE WHEN trial_ends_at IS NOT NULL
        THEN (least(trial_ends_at, ended_at) AT TIME ZONE 'UTC')::date END AS trial_until,
      (ended_at AT TIME ZONE 'UTC')::date AS ended,
      CASE WHEN status = 'past_due' THEN (past_due_since AT TIME ZONE 'UTC')::date END AS overdue
    FROM subscription
    WHERE (is_live OR ended_at >= (${FIRST_DAY})::timestamp AT TIME ZONE 'UTC')
      AND status IN ('trialing', 'active', 'past_due', 'canceled')),
  steps AS (
    SELECT paid_from AS day, currency, monthly AS mrr, 0 AS started, 0 AS churned, 0 AS trials, 0 AS overdue
      FROM dated WHERE ended IS NULL OR paid_from < ended
    UNION ALL SELECT ended, currency, -monthly, 0, 1, 0, 0 FROM dated WHERE paid_from < ended
    UNION ALL SELECT started, currency, 0, 1, 0, 0, 0 FROM dated
    UNION ALL SELECT started, currency, 0, 0, 0, 1, 0 FROM dated WHERE started < trial_until
    UNION ALL SELECT trial_until, currency, 0, 0, 0, -1, 0 FROM dated WHERE started < trial_until
    UNION ALL SELECT overdue, currency, 0, 0, 0, 0, 1 FROM dated WHERE overdue IS NOT NULL),
  days AS (
    SELECT (${FIRST_DAY}) + n AS day FROM generate_series(0, ${TODAY} - (${FIRST_DAY})) AS n),
  summed AS (
    SELECT greatest(day, (${FIRST_DAY})) AS day, currency, sum(mrr) AS mrr,
      sum(started) FILTER (WHERE day >= (${FIRST_DAY})) AS started,
      sum(churned) FILTER (WHERE day >= (${FIRST_DAY})) AS churned,
      sum(trials) AS trials, sum(overdue) AS overdue
    FROM steps WHERE day <= ${TODAY} GROUP BY 1, 2),
  filled AS (
    SELECT days.day, c.currency, coalesce(s.started, 0) AS started, coalesce(s.churned, 0) AS churned,
      sum(coalesce(s.mrr, 0)) OVER w AS mrr, sum(coalesce(s.trials, 0)) OVER w AS trials,
      sum(coalesce(s.overdue, 0)) OVER w AS overdue
    FROM days CROSS JOIN (SELECT DISTINCT currency FROM dated) c
    LEFT JOIN summed s ON s.day = days.day AND s.currency = c.currency
    WINDOW w AS (PARTITION BY c.currency ORDER BY days.day)),
  told AS (
    SELECT days.day, coalesce(json_object_agg(f.currency, round(f.mrr)::text)
        FILTER (WHERE f.currency IS NOT NULL), '{}') AS mrr,
      coalesce(sum(f.started), 0)::int AS started, coalesce(sum(f.churned), 0)::int AS churned,
      coalesce(sum(f.trials), 0)::int AS trials, coalesce(sum(f.overdue), 0)::int AS overdue
    FROM days LEFT JOIN filled f ON f.day = days.day GROUP BY days.day)
  SELECT (SELECT json_agg(json_build_object('day', day::text, 'mrr', mrr, 'started', started,
      'churned', churned, 'trials', trials, 'overdue', overdue) ORDER BY day) FROM told) AS days,
    (SELECT count(*)::int FROM dated) AS rows,
    (SELECT count(*)::int FROM dated WHERE status = 'trialing') AS trialing,
    (SELECT count(*)::int FROM dated WHERE status = 'past_due') AS "pastDue",
    (SELECT count(*)::int FROM billing_event WHERE state = 'parked') AS parked`;

import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DEAD_LETTERS } from '../core/jobs/queues.js';
import type { CountedSections } from '../core/back-office/start/start-sections.js';
import { staffRole } from '../core/database/privileged/staff.role.js';

/** Numbers of one day in UTC (`2026-02-28`). */
export interface DayFigures {
  day: string;
  signUps: number;
  /** Jobs in the dead-letter queue. */
  failedJobs: number;
  /** Active organisations and members. */
  tenants: number;
  members: number;
}

/** Sign-up funnel: how far the people who registered in the period came. */
export interface Funnel {
  registered: number;
  profile_completed: number;
  email_verified: number;
  in_organisation: number;
}

export interface Figures extends CountedFigures {
  /** What features count. */
  sections: CountedSections;
}

/** What is counted of people and organisations. */
export interface CountedFigures {
  days: DayFigures[];
  funnel: Funnel;
  /** Sessions seen in the period. Together with the registrations, the number of rows to count. */
  sessions: number;
  /** Of the thirty days before; absent in a snapshot of an older version. */
  before?: { signUps: number; failedJobs: number };
}

export interface KeptFigures {
  countedAt: Date;
  figures: Figures;
  /** Age of the snapshot in seconds. */
  age: number;
}

export const DAYS = 30;

/** Statistics of the last thirty days, today included. */
@Injectable()
export class StatisticsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Two statements. Their time grows with the registrations and sessions of the period. */
  async count(): Promise<CountedFigures> {
    const [days, [sums]] = await Promise.all([
      this.unitOfWork.read<DayFigures>({ name: 'admin-days', text: COUNTED_DAYS }, staffRole),
      this.unitOfWork.read<Funnel & Required<Pick<CountedFigures, 'sessions' | 'before'>>>(
        { name: 'admin-funnel', text: COUNTED_FUNNEL },
        staffRole,
      ),
    ]);
    const { sessions, before, ...funnel } = sums!;
    return { days, funnel, sessions, before };
  }

  async kept(): Promise<KeptFigures | null> {
    const [row] = await this.unitOfWork.read<KeptFigures>(
      {
        name: 'admin-kept-figures',
        text: `SELECT counted_at AS "countedAt", figures,
          extract(epoch FROM now() - counted_at)::float8 AS age FROM kept_figures`,
      },
      staffRole,
    );
    return row ?? null;
  }

  async keep(figures: Figures): Promise<void> {
    await this.unitOfWork.runAs(staffRole, () =>
      this.unitOfWork.execute(
        `INSERT INTO kept_figures (counted_at, figures) VALUES (now(), $1)
         ON CONFLICT (is_latest) DO UPDATE
           SET counted_at = excluded.counted_at, figures = excluded.figures`,
        [figures],
      ),
    );
  }
}

/** Uses `now()` only, so that the planner can estimate the number of rows. */
function daysAgo(days: number): string {
  return `(date_trunc('day', now() AT TIME ZONE 'UTC') - interval '${days} days') AT TIME ZONE 'UTC'`;
}

const FIRST_DAY = daysAgo(DAYS - 1);
/** The first of the days before, with which these are compared. */
const FIRST_BEFORE = daysAgo(2 * DAYS - 1);

function dayOf(column: string): string {
  return `(${column} AT TIME ZONE 'UTC')::date`;
}

/**
 * A session stores when it began and when it was last seen, not when in between: its user counts as active
 * from the first to the last of these days. Each session adds one on its first day and subtracts one after
 * its last; the running sum is the number of active users.
 */
export const COUNTED_DAYS = `WITH
  days AS (SELECT (${dayOf(FIRST_DAY)} + n) AS day FROM generate_series(0, ${DAYS - 1}) AS n),
  sign_ups AS (
    SELECT ${dayOf('created_at')} AS day, count(*)::int AS count FROM users
    WHERE created_at >= ${FIRST_DAY} GROUP BY 1),
  failed_jobs AS (
    SELECT ${dayOf('created_on')} AS day, count(*)::int AS count FROM pgboss.job
    WHERE name = '${DEAD_LETTERS}' AND created_on >= ${FIRST_DAY} GROUP BY 1),
  seen AS (
    SELECT s.user_id, p.tenant_id, min(greatest(s.created_at, ${FIRST_DAY})) AS since,
      max(s.last_seen_at) AS until
    FROM session s
    JOIN user_profile p ON p.user_id = s.user_id AND p.is_active
    JOIN tenant t ON t.id = p.tenant_id AND t.is_active
    WHERE s.last_seen_at >= ${FIRST_DAY} AND s.acting_session_id IS NULL GROUP BY 1, 2),
  spans AS (
    SELECT 1 AS member, 0 AS tenant, ${dayOf('since')} AS since, ${dayOf('until')} AS until FROM seen
    UNION ALL SELECT 0, 1, ${dayOf('min(since)')}, ${dayOf('max(until)')} FROM seen GROUP BY tenant_id),
  steps AS (
    SELECT since AS day, member, tenant FROM spans
    UNION ALL SELECT until + 1, -member, -tenant FROM spans
    UNION ALL SELECT day, 0, 0 FROM days),
  active AS (
    SELECT day, sum(sum(member)) OVER (ORDER BY day)::int AS members,
      sum(sum(tenant)) OVER (ORDER BY day)::int AS tenants
    FROM steps GROUP BY day)
  SELECT days.day::text AS day, coalesce(sign_ups.count, 0) AS "signUps",
    coalesce(failed_jobs.count, 0) AS "failedJobs", active.tenants, active.members
  FROM days JOIN active USING (day) LEFT JOIN sign_ups USING (day) LEFT JOIN failed_jobs USING (day)
  ORDER BY days.day`;

export const COUNTED_FUNNEL = `SELECT count(*)::int AS registered,
    count(p.profile_completed_at)::int AS profile_completed,
    count(u.email_verified_at)::int AS email_verified,
    count(p.tenant_id)::int AS in_organisation,
    (SELECT count(*)::int FROM session WHERE last_seen_at >= ${FIRST_DAY}) AS sessions,
    json_build_object(
      'signUps', (SELECT count(*) FROM users
        WHERE created_at >= ${FIRST_BEFORE} AND created_at < ${FIRST_DAY}),
      'failedJobs', (SELECT count(*) FROM pgboss.job WHERE name = '${DEAD_LETTERS}'
        AND created_on >= ${FIRST_BEFORE} AND created_on < ${FIRST_DAY})) AS before
  FROM users u JOIN user_profile p ON p.user_id = u.id
  WHERE u.created_at >= ${FIRST_DAY}`;

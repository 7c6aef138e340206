import { Injectable } from '@nestjs/common';
import type { Statement } from '../core/database/pipelined-read.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DEAD_LETTERS } from '../core/jobs/queues.js';

/** How many on a day. Days are those of UTC, `2026-02-28`. */
export interface DayCount {
  day: string;
  count: number;
}

/** What became of the people who registered in these days. */
export interface Funnel {
  registered: number;
  profile_completed: number;
  email_verified: number;
  in_organisation: number;
}

export const DAYS = 30;

/** What has been going on these thirty days, today included. Each is one statement. */
@Injectable()
export class StatisticsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  signUps(): Promise<DayCount[]> {
    return this.read({
      name: 'admin-sign-ups',
      text: perDay(`SELECT ${dayOf('created_at')} AS day, count(*)::int AS count FROM users
        WHERE created_at >= (SELECT min(day) FROM days) AT TIME ZONE 'UTC' GROUP BY 1`),
    });
  }

  /** Jobs that were given up. */
  failedJobs(): Promise<DayCount[]> {
    return this.read({
      name: 'admin-failed-jobs',
      text: perDay(`SELECT ${dayOf('created_on')} AS day, count(*)::int AS count FROM pgboss.job
        WHERE name = '${DEAD_LETTERS}' AND created_on >= (SELECT min(day) FROM days) AT TIME ZONE 'UTC'
        GROUP BY 1`),
    });
  }

  /**
   * Organisations and members in use. A session says when it began and when it was last seen, not when
   * in between: somebody counts from the first to the last time they were seen in these days.
   */
  active(): Promise<Array<{ day: string; tenants: number; members: number }>> {
    return this.read({ name: 'admin-active', text: ACTIVE });
  }

  async funnel(): Promise<Funnel> {
    const [row] = await this.read<Funnel>({
      name: 'admin-funnel',
      text: `WITH ${DAYS_OF_NOW}
        SELECT count(*)::int AS registered,
          count(p.profile_completed_at)::int AS profile_completed,
          count(u.email_verified_at)::int AS email_verified,
          count(p.tenant_id)::int AS in_organisation
        FROM users u JOIN user_profile p ON p.user_id = u.id
        WHERE u.created_at >= (SELECT min(day) FROM days) AT TIME ZONE 'UTC'`,
    });
    return row!;
  }

  private read<T>(statement: Statement): Promise<T[]> {
    return this.unitOfWork.read<T>(statement, 'staff');
  }
}

const DAYS_OF_NOW = `today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day),
  days AS (SELECT (day - n)::timestamp AS day FROM today, generate_series(0, ${DAYS - 1}) AS n)`;

function dayOf(column: string): string {
  return `(${column} AT TIME ZONE 'UTC')::date`;
}

/** Every day, those without any too. */
function perDay(counted: string): string {
  return `WITH ${DAYS_OF_NOW}, counted AS (${counted})
    SELECT days.day::date::text AS day, coalesce(counted.count, 0) AS count
    FROM days LEFT JOIN counted ON counted.day = days.day::date ORDER BY 1`;
}

/** Whoever comes adds one on the first day and takes it away after the last: the rest is adding up. */
const ACTIVE = `WITH ${DAYS_OF_NOW},
  seen AS (
    SELECT s.user_id, p.tenant_id, min(greatest(s.created_at, first.day AT TIME ZONE 'UTC')) AS since,
      max(s.last_seen_at) AS until
    FROM (SELECT min(day) AS day FROM days) first, session s
    JOIN user_profile p ON p.user_id = s.user_id AND p.is_active
    JOIN tenant t ON t.id = p.tenant_id AND t.is_active
    WHERE s.last_seen_at >= first.day AT TIME ZONE 'UTC' AND s.acting_session_id IS NULL
    GROUP BY 1, 2),
  spans AS (
    SELECT 1 AS member, 0 AS tenant, ${dayOf('since')} AS since, ${dayOf('until')} AS until FROM seen
    UNION ALL SELECT 0, 1, ${dayOf('min(since)')}, ${dayOf('max(until)')} FROM seen GROUP BY tenant_id),
  steps AS (
    SELECT since AS day, member, tenant FROM spans
    UNION ALL SELECT until + 1, -member, -tenant FROM spans
    UNION ALL SELECT day::date, 0, 0 FROM days),
  sums AS (
    SELECT day, sum(sum(member)) OVER (ORDER BY day)::int AS members,
      sum(sum(tenant)) OVER (ORDER BY day)::int AS tenants
    FROM steps GROUP BY day)
  SELECT day::text, members, tenants FROM sums WHERE day IN (SELECT days.day::date FROM days)
  ORDER BY day`;

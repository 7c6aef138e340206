import { Injectable } from '@nestjs/common';
import { scheduleRole } from '../../core/database/privileged/schedule.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { QueueName } from '../../core/jobs/queues.js';
import type { Schedule } from './schedule.js';

/** An organisation for which it is time. */
export interface DueTenant {
  tenantId: string;
  /** The first day of the period in its time zone, ISO 8601. */
  day: string;
}

@Injectable()
export class TenantJobsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Claims the period under way for up to `limit` open organisations that have not had it, in the open unit of work:
   * of two workers one gets it. An organisation that is younger than the period waits for the next one.
   * @param after id of the last organisation of the claim before; null to begin
   */
  claim(
    queue: QueueName,
    { every, hour }: Schedule,
    after: string | null,
    limit: number,
  ): Promise<DueTenant[]> {
    return this.unitOfWork.read<DueTenant>(
      {
        name: 'claim-tenant-jobs',
        text: `WITH due AS (
            SELECT t.id, begun.at::date AS period
            FROM tenant t
            LEFT JOIN timezone z ON z.id = t.timezone_id
            CROSS JOIN LATERAL (SELECT date_trunc($2,
              (now() AT TIME ZONE coalesce(z.name, 'UTC')) - make_interval(hours => $3)) AS at) begun
            WHERE ($4::uuid IS NULL OR t.id > $4) AND t.closed_at IS NULL AND t.erase_at IS NULL
              AND t.created_at <= (begun.at + make_interval(hours => $3)) AT TIME ZONE coalesce(z.name, 'UTC')
              AND NOT EXISTS (SELECT FROM tenant_job j
                WHERE j.tenant_id = t.id AND j.queue = $1 AND j.period >= begun.at::date)
            ORDER BY t.id LIMIT $5),
          claimed AS (
            INSERT INTO tenant_job AS j (tenant_id, queue, period) SELECT id, $1, period FROM due
            ON CONFLICT (tenant_id, queue) DO UPDATE SET period = excluded.period
              WHERE j.period < excluded.period
            RETURNING tenant_id, period)
          SELECT tenant_id AS "tenantId", period::text AS day FROM claimed ORDER BY tenant_id`,
        values: [queue, every, hour, after, limit],
      },
      scheduleRole,
    );
  }
}

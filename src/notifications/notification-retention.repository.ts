import { Injectable } from '@nestjs/common';
import { retentionRole } from '../core/database/privileged/retention.role.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';

/** Rows a statement removes at most: nobody waits long for one. */
const BATCH = 1_000;

/** Advisory lock: concurrent workers take turns, one batch each. */
const TURN = 4_178_207;

@Injectable()
export class NotificationRetentionRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Removes old notifications; the database lets nothing younger than 90 days be removed. */
  remove(): Promise<number> {
    return this.unitOfWork.runAs(retentionRole, async () => {
      await this.unitOfWork.query('SELECT pg_advisory_xact_lock($1)', [TURN]);
      return this.unitOfWork.execute(
        `DELETE FROM notification WHERE id IN (
           SELECT id FROM notification WHERE created_at < now() - interval '90 days'
           ORDER BY created_at LIMIT ${BATCH})`,
      );
    });
  }
}

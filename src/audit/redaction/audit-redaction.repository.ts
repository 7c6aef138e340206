import { Injectable } from '@nestjs/common';
import { erasureRole } from '../../core/database/privileged/erasure.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

/** Number of entries per statement, which bounds the time locks are held. */
const BATCH = 1_000;

/** The trail of the organisation in context, which is being erased. */
@Injectable()
export class AuditRedactionRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Entries may lack what is personal from now on (`running`); no entry is appended any more (`done`). */
  async mark(state: 'running' | 'done'): Promise<void> {
    await this.unitOfWork.runAs(erasureRole, () =>
      this.unitOfWork.execute('UPDATE audit_head SET erasure = $1 WHERE chain = app_tenant_id()', [
        state,
      ]),
    );
  }

  /** Redacts the next entries after a position; null when there are none. */
  async redact(after: string): Promise<{ count: number; last: string } | null> {
    const [row] = await this.unitOfWork.runAs(erasureRole, () =>
      this.unitOfWork.query<{ count: number; last: string | null }>(REDACT, [after]),
    );
    return row?.last ? { count: row.count, last: row.last } : null;
  }
}

/** Hash, link, position, moment, kind of actor, action and kind of subject stay. */
const REDACT = `
  WITH next AS (
    SELECT id FROM audit_entry WHERE chain = app_tenant_id() AND tenant_id = app_tenant_id()
      AND position > $1 AND NOT is_redacted ORDER BY position LIMIT ${BATCH}),
  redacted AS (
    UPDATE audit_entry e SET is_redacted = true, actor_id = NULL, actor_name = NULL, staff_id = NULL,
      staff_name = NULL, subject_id = NULL, subject_name = NULL, changes = NULL, address = NULL,
      device = NULL, personal_salt = NULL, request_id = NULL
    FROM next WHERE e.id = next.id RETURNING e.position)
  SELECT count(*)::int AS count, max(position)::text AS last FROM redacted`;

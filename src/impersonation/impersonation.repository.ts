import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { MAY_ACT } from '../users/sessions/principals.repository.js';

/** Input for a new impersonation session. */
export interface NewImpersonation {
  personId: string;
  staffId: string;
  staffName: string;
  /** The superuser's own session. */
  ownSessionId: string;
  reason: string;
  mayWrite: boolean;
  /** Lifetime in minutes, 1–60; the database enforces it. */
  minutes: number;
  tokenHash: Buffer;
  userAgent: string | null;
  ip: string | null;
}

/** Runs as the identity role, which callers must have entered. */
@Injectable()
export class ImpersonationRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Serialises starts from one session until they commit. */
  async lock(ownSessionId: string): Promise<void> {
    await this.unitOfWork.query('SELECT 1 FROM session WHERE id = $1 FOR UPDATE', [ownSessionId]);
  }

  /** Checks again and adds the session; returns its end, or null when not allowed. */
  async add(acting: NewImpersonation): Promise<Date | null> {
    const { personId, staffId, staffName, ownSessionId, reason, mayWrite, minutes } = acting;
    const { tokenHash, userAgent, ip } = acting;
    const [row] = await this.unitOfWork.query<{ expiresAt: Date }>(
      `INSERT INTO session (user_id, kind, token_hash, flags, user_agent, ip, expires_at,
         acting_session_id, acting_staff_id, acting_staff_name, acting_reason, acting_may_write,
         authenticated_at, assurance, methods)
       SELECT u.id, 'browser', $1, $2, left($3, 400), $4, least(own.expires_at,
         now() + make_interval(mins => $5)), own.id, staff.id, left($6, 254), $7, $8,
         own.authenticated_at, own.assurance, own.methods
       FROM session own JOIN users staff ON staff.id = own.user_id, users u
         JOIN user_profile p ON p.user_id = u.id AND p.is_active AND p.deleted_at IS NULL
       WHERE own.id = $9 AND staff.id = $10 AND ${MAY_ACT}
         AND u.id = $11 AND u.is_active AND u.deleted_at IS NULL
         AND NOT u.is_staff AND NOT u.is_superuser
       RETURNING expires_at AS "expiresAt"`,
      [
        tokenHash,
        FLAGS,
        userAgent,
        ip,
        minutes,
        staffName,
        reason,
        mayWrite,
        ownSessionId,
        staffId,
        personId,
      ],
    );
    return row?.expiresAt ?? null;
  }

  /** Ends all impersonation from this session; returns the impersonated people. */
  endAllOf(ownSessionId: string): Promise<Array<{ personId: string }>> {
    return this.unitOfWork.query<{ personId: string }>(
      `UPDATE session SET ended_at = now() WHERE acting_session_id = $1 AND ended_at IS NULL
         AND expires_at > now() RETURNING user_id AS "personId"`,
      [ownSessionId],
    );
  }
}

/** Skips postponable onboarding steps. */
const FLAGS = { skip_profile_gate: true };

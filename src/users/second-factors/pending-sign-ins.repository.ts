import { Injectable } from '@nestjs/common';
import { identityRole } from '../../core/database/privileged/identity.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { SessionKind } from '../sessions/session.entity.js';

/** Lifetime of a sign-in that waits for its second factor; a constraint of the table holds it to that. */
export const PENDING_MINUTES = 10;
/** Number of proofs that may be shown for one; a constraint of the table holds it to that. */
export const PENDING_TRIES = 5;

export interface NewPendingSignIn {
  userId: string;
  kind: SessionKind;
  tokenHash: Buffer;
  /** What has been shown so far. */
  methods: readonly string[];
}

/** A sign-in that waits for its second factor. */
export interface PendingSignIn {
  id: string;
  userId: string;
  email: string;
  /** The organisation in whose trail the sign-in is recorded, and the name in it. */
  tenantId: string | null;
  displayName: string | null;
  kind: SessionKind;
  methods: string[];
  secondFactors: string[];
}

const COLUMNS = `w.id, w.user_id AS "userId", w.kind, w.methods, u.email,
  u.second_factors AS "secondFactors", p.tenant_id AS "tenantId", p.display_name AS "displayName"`;

/** Sign-ins that wait for a second factor. They are no sessions: nothing else reads this table. */
@Injectable()
export class PendingSignInsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns the kinds of second factors the person has. */
  async add({ userId, kind, tokenHash, methods }: NewPendingSignIn): Promise<string[]> {
    const [row] = await this.unitOfWork.query<{ secondFactors: string[] }>(
      `INSERT INTO pending_sign_in (user_id, kind, token_hash, methods, expires_at)
       VALUES ($1, $2, $3, $4, now() + interval '${PENDING_MINUTES} minutes')
       RETURNING (SELECT second_factors FROM users WHERE id = $1) AS "secondFactors"`,
      [userId, kind, tokenHash, methods],
    );
    return row!.secondFactors;
  }

  /** The sign-in of this token that may still be completed; null when there is none. */
  async find(kind: SessionKind, tokenHash: Buffer): Promise<PendingSignIn | null> {
    const [row] = await this.unitOfWork.read<PendingSignIn>(
      {
        name: 'pending-sign-in',
        text: `SELECT ${COLUMNS} FROM pending_sign_in w
          JOIN users u ON u.id = w.user_id AND u.is_active AND u.deleted_at IS NULL
          LEFT JOIN user_profile p ON p.user_id = u.id AND p.deleted_at IS NULL
          WHERE w.token_hash = $1 AND w.kind = $2 AND w.expires_at > now()
            AND w.tries < ${PENDING_TRIES}`,
        values: [tokenHash, kind],
      },
      identityRole,
    );
    return row ?? null;
  }

  /**
   * Counts one more try and returns the sign-in; null when it has expired or its tries are used up. The update
   * of the row decides, so that of many tries at once no more than `PENDING_TRIES` pass.
   */
  async countTry(kind: SessionKind, tokenHash: Buffer): Promise<PendingSignIn | null> {
    const [row] = await this.unitOfWork.query<PendingSignIn>(
      `WITH w AS (UPDATE pending_sign_in SET tries = tries + 1
         WHERE token_hash = $1 AND kind = $2 AND expires_at > now() AND tries < ${PENDING_TRIES}
         RETURNING id, user_id, kind, methods)
       SELECT ${COLUMNS} FROM w
       JOIN users u ON u.id = w.user_id AND u.is_active AND u.deleted_at IS NULL
       LEFT JOIN user_profile p ON p.user_id = u.id AND p.deleted_at IS NULL`,
      [tokenHash, kind],
    );
    return row ?? null;
  }

  /** Uses it up; false when it was used meanwhile, or ended by a new password. */
  async use(id: string): Promise<boolean> {
    const used = await this.unitOfWork.execute(
      'DELETE FROM pending_sign_in WHERE id = $1 AND expires_at > now()',
      [id],
    );
    return used > 0;
  }
}

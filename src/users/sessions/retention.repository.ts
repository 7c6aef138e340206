import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { retentionRole } from '../../core/database/privileged/retention.role.js';

/** Number of days an ended session is kept for the statistics of the back office. */
export const KEPT_DAYS = 30;

/** Rows a statement removes at most: nobody waits long for one. */
const BATCH = 1_000;

/** Advisory lock: concurrent workers take turns, one batch each. */
const TURN = 4_178_203;

/** Deletes expired rows of all people. Every batch is a unit of work of its own. */
@Injectable()
export class RetentionRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Number of sessions that ended (revoked, expired or unused for `idleHours`) more than `KEPT_DAYS` ago. */
  countSessions(idleHours: number): Promise<number> {
    return this.count(`SELECT count(*)::int AS count FROM session s WHERE ${OVER}`, [
      idleHours * 3600,
    ]);
  }

  /** Number of spent refresh tokens of those sessions. */
  countSpentTokens(idleHours: number): Promise<number> {
    return this.count(
      `SELECT count(*)::int AS count FROM session s JOIN spent_token t ON t.session_id = s.id WHERE ${OVER}`,
      [idleHours * 3600],
    );
  }

  /** Number of expired links. */
  countLinks(): Promise<number> {
    return this.count('SELECT count(*)::int AS count FROM user_token WHERE expires_at < now()');
  }

  /** Deletes spent tokens of the next batch of sessions; returns 0 when there are none. */
  removeSpentTokens(idleHours: number): Promise<number> {
    return this.remove(
      `DELETE FROM spent_token WHERE token_hash IN (SELECT t.token_hash FROM spent_token t
         WHERE t.session_id IN (${nextSessions('true')}) LIMIT ${BATCH})`,
      [idleHours * 3600],
    );
  }

  /** Deletes sessions without spent tokens, so that the cascade does not exceed the batch. */
  removeSessions(idleHours: number): Promise<number> {
    const isBare = 'NOT EXISTS (SELECT FROM spent_token t WHERE t.session_id = s.id)';
    return this.remove(`DELETE FROM session WHERE id IN (${nextSessions(isBare)})`, [
      idleHours * 3600,
    ]);
  }

  removeLinks(): Promise<number> {
    return this.remove(
      `DELETE FROM user_token WHERE id IN (
         SELECT id FROM user_token WHERE expires_at < now() LIMIT ${BATCH})`,
    );
  }

  /** Deletes expired sign-ins that waited for a second factor. */
  removePendingSignIns(): Promise<number> {
    return this.remove(
      `DELETE FROM pending_sign_in WHERE id IN (
         SELECT id FROM pending_sign_in WHERE expires_at < now() LIMIT ${BATCH})`,
    );
  }

  private async count(text: string, values: unknown[] = []): Promise<number> {
    const [row] = await this.unitOfWork.read<{ count: number }>({ text, values }, retentionRole);
    return row!.count;
  }

  private remove(text: string, values: unknown[] = []): Promise<number> {
    return this.unitOfWork.runAs(retentionRole, async () => {
      await this.unitOfWork.query('SELECT pg_advisory_xact_lock($1)', [TURN]);
      return this.unitOfWork.execute(text, values);
    });
  }
}

/** The second condition is implied by the first and lets the planner use the index. */
const OVER = `least(s.ended_at, s.expires_at, s.last_seen_at + make_interval(secs => $1))
    < now() - interval '${KEPT_DAYS} days'
  AND s.last_seen_at < now() - interval '${KEPT_DAYS} days'`;

function nextSessions(condition: string): string {
  return `SELECT s.id FROM session s WHERE ${OVER} AND ${condition} ORDER BY s.last_seen_at LIMIT ${BATCH}`;
}

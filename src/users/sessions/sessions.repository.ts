import { Injectable } from '@nestjs/common';
import type { Assurance, SessionFlags } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { newToken } from '../access-tokens/tokens.js';
import type { SessionKind } from './session.entity.js';

export interface NewSession {
  userId: string;
  kind: SessionKind;
  tokenHash: Buffer;
  flags: SessionFlags;
  methods: readonly string[];
  assurance: Assurance;
  /** Default: now. */
  authenticatedAt?: Date;
  userAgent: string | null;
  ip: string | null;
  /** Hours until it ends regardless of use. */
  absoluteHours: number;
}

/** A session as listed for its owner. */
export interface SessionRow {
  id: string;
  kind: SessionKind;
  /** The superuser who impersonates the owner in it; their IP address is not shown. */
  impersonator: string | null;
  userAgent: string | null;
  ip: string | null;
  /** What was shown in it, in that order: `password`, `totp`, `recovery_code`, `passkey`. Empty while staff act. */
  methods: string[];
  createdAt: Date;
  lastSeenAt: Date;
}

/** Maximum time in seconds that a request may have waited and still count as concurrent (ADR 19). */
const REFRESH_GRACE = 10;

@Injectable()
export class SessionsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Adds a session; false when the person has a second factor and the session would be of one factor only
   * (`assurance` 1): no caller can forget to ask for it. Sign-ins lock the account before, so that `created_at`
   * is the order in which they take their turns.
   */
  async add(session: NewSession): Promise<boolean> {
    const { userId, kind, tokenHash, flags, userAgent, ip, absoluteHours } = session;
    const { methods, assurance, authenticatedAt = null } = session;
    const added = await this.unitOfWork.execute(
      `INSERT INTO session (user_id, kind, token_hash, flags, user_agent, ip, created_at, expires_at,
         methods, assurance, authenticated_at)
       SELECT u.id, $2, $3, $4, left($5, 400), $6, clock_timestamp(),
         now() + make_interval(secs => $7), $8, $9::smallint, coalesce($10, now())
       FROM users u WHERE u.id = $1 AND ($9::smallint = 2 OR cardinality(u.second_factors) = 0)`,
      [
        userId,
        kind,
        tokenHash,
        flags,
        userAgent,
        ip,
        absoluteHours * 3600,
        methods,
        assurance,
        authenticatedAt,
      ],
    );
    return added > 0;
  }

  /** Records that the person has proved again who they are; false for an ended session. */
  async confirm(id: string, method: string, assurance: Assurance): Promise<boolean> {
    const confirmed = await this.unitOfWork.execute(
      `UPDATE session SET authenticated_at = now(), assurance = greatest(assurance, $3::smallint),
         methods = CASE WHEN $2::text = ANY (methods) THEN methods
           ELSE array_append(methods, $2::text) END
       WHERE id = $1 AND ended_at IS NULL AND expires_at > now()`,
      [id, method, assurance],
    );
    return confirmed > 0;
  }

  /**
   * Updates the time of last use, at most once a minute; during impersonation also of the superuser's own
   * session.
   */
  async touch(id: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE session SET last_seen_at = now()
       WHERE id = ANY (ARRAY[$1::uuid, (SELECT acting_session_id FROM session WHERE id = $1)])
         AND last_seen_at < now() - interval '1 minute'`,
      [id],
    );
  }

  async setFlags(id: string, flags: SessionFlags): Promise<void> {
    await this.unitOfWork.execute('UPDATE session SET flags = flags || $2 WHERE id = $1', [
      id,
      flags,
    ]);
  }

  /** Active sessions of a person, latest first. */
  liveOf(userId: string, idleHours: number): Promise<SessionRow[]> {
    return this.unitOfWork.read<SessionRow>({
      name: 'live-sessions',
      text: `SELECT id, kind, acting_staff_name AS "impersonator", created_at AS "createdAt",
          last_seen_at AS "lastSeenAt",
          CASE WHEN acting_session_id IS NULL THEN user_agent END AS "userAgent",
          CASE WHEN acting_session_id IS NULL THEN host(ip) END AS ip,
          CASE WHEN acting_session_id IS NULL THEN methods ELSE '{}' END AS methods
        FROM session
        WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
          AND last_seen_at > now() - make_interval(secs => $2)
        ORDER BY last_seen_at DESC, id LIMIT 100`,
      values: [userId, idleHours * 3600],
    });
  }

  /** Ends one session of a person; false when it is not an active session of theirs. */
  async end(id: string, userId: string): Promise<boolean> {
    const ended = await this.unitOfWork.execute(
      'UPDATE session SET ended_at = now() WHERE id = $1 AND user_id = $2 AND ended_at IS NULL',
      [id, userId],
    );
    return ended > 0;
  }

  /**
   * Exchanges a valid token for the next one. The row's update decides: of several concurrent exchanges one
   * succeeds.
   */
  async exchangeToken(
    kind: SessionKind,
    spent: Buffer,
    next: Buffer,
    idleHours: number,
  ): Promise<boolean> {
    const exchanged = await this.unitOfWork.query<{ id: string }>(
      `UPDATE session s SET token_hash = $3, last_seen_at = now() FROM users u
       WHERE s.token_hash = $1 AND s.kind = $2 AND s.ended_at IS NULL AND s.expires_at > now()
         AND s.last_seen_at > now() - make_interval(secs => $4)
         AND u.id = s.user_id AND u.is_active AND u.deleted_at IS NULL
       RETURNING s.id`,
      [spent, kind, next, idleHours * 3600],
    );
    const [session] = exchanged;
    if (!session) return false;
    await this.unitOfWork.execute(
      'INSERT INTO spent_token (token_hash, session_id, spent_at) VALUES ($1, $2, clock_timestamp())',
      [spent, session.id],
    );
    return true;
  }

  /**
   * Ends the session of a spent token; null when there is none, or when the request was received before the
   * exchange (concurrent). `waited`: seconds since it was received, subtracted from the database's clock, so
   * that the clocks of replicas need not agree.
   */
  async endBySpentToken(
    spent: Buffer,
    waited: number,
  ): Promise<{ id: string; userId: string } | null> {
    const [ended] = await this.unitOfWork.query<{ id: string; userId: string }>(
      `UPDATE session s SET ended_at = now() FROM spent_token t
       WHERE t.token_hash = $1 AND s.id = t.session_id AND s.ended_at IS NULL
         AND t.spent_at <= greatest(clock_timestamp() - make_interval(secs => $2),
           clock_timestamp() - make_interval(secs => $3))
       RETURNING s.id, s.user_id AS "userId"`,
      [spent, waited, REFRESH_GRACE],
    );
    return ended ?? null;
  }

  /**
   * Gives a browser's active session another token and returns it (ASVS 7.2.4); null for an ended session, and
   * for one of the API, whose token changes with each refresh.
   */
  async renewToken(id: string): Promise<string | null> {
    const { token, hash } = newToken();
    const renewed = await this.unitOfWork.execute(
      `UPDATE session SET token_hash = $2
       WHERE id = $1 AND kind = 'browser' AND ended_at IS NULL`,
      [id, hash],
    );
    return renewed > 0 ? token : null;
  }

  /** Ends all sessions of an organisation's people, with or without access. */
  endAllIn(tenantId: string): Promise<number> {
    return this.unitOfWork.execute(
      `UPDATE session SET ended_at = now() WHERE ended_at IS NULL
         AND user_id IN (SELECT user_id FROM user_profile WHERE tenant_id = $1)`,
      [tenantId],
    );
  }

  /** Whether the person had no API session with the User-Agent of this one before it. */
  async isFirstOfClient(tokenHash: Buffer): Promise<boolean> {
    const [row] = await this.unitOfWork.query<{ isFirst: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM session earlier
           WHERE earlier.user_id = own.user_id AND earlier.kind = 'api'
             AND earlier.user_agent IS NOT DISTINCT FROM own.user_agent
             AND (earlier.created_at, earlier.id) < (own.created_at, own.id)) AS "isFirst"
       FROM session own WHERE own.token_hash = $1`,
      [tokenHash],
    );
    return row?.isFirst ?? false;
  }

  /**
   * Ends the sessions of a person beyond the `most` that were used last; the one of `kept` stays. The account must
   * be locked, so that of two sign-ins at once the second sees the session of the first. Sessions in which staff act
   * do not count. Ends none where that of `kept` was not added. Returns how many were ended.
   */
  endBeyond(userId: string, kept: Buffer, most: number, idleHours: number): Promise<number> {
    return this.unitOfWork.execute(
      `UPDATE session SET ended_at = now() WHERE id IN (
         SELECT id FROM session WHERE user_id = $1 AND token_hash <> $2 AND ended_at IS NULL
           AND EXISTS (SELECT FROM session WHERE user_id = $1 AND token_hash = $2)
           AND acting_session_id IS NULL AND expires_at > now()
           AND last_seen_at > now() - make_interval(secs => $4)
         ORDER BY last_seen_at DESC, created_at DESC, id OFFSET $3)`,
      [userId, kept, most - 1, idleHours * 3600],
    );
  }

  /**
   * As the identity role: ends all sessions of a person but for `except`, and the sign-ins that wait for a
   * second factor.
   */
  endAll(userId: string, except: string | null = null): Promise<number> {
    return this.unitOfWork.execute(
      `WITH waiting AS (DELETE FROM pending_sign_in WHERE user_id = $1)
       UPDATE session SET ended_at = now()
       WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2`,
      [userId, except],
    );
  }
}

import { Injectable } from '@nestjs/common';
import type { Principal, Role, SessionFlags, Theme } from '../core/context/principal.js';
import type { Statement } from '../core/database/pipelined-read.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { localeFromLanguage } from '../core/i18n/locales.js';
import type { SessionKind } from './session.entity.js';

export interface NewSession {
  userId: string;
  kind: SessionKind;
  tokenHash: Buffer;
  flags: SessionFlags;
  userAgent: string | null;
  ip: string | null;
  /** Hours until it ends whatever happens. */
  absoluteHours: number;
}

/** A session as its owner sees it. */
export interface SessionRow {
  id: string;
  kind: SessionKind;
  userAgent: string | null;
  ip: string | null;
  createdAt: Date;
  lastSeenAt: Date;
}

export interface FoundPrincipal {
  principal: Principal;
  isStale: boolean;
}

interface PrincipalRow extends Omit<Principal, 'locale' | 'emailVerified' | 'theme' | 'role'> {
  emailVerifiedAt: Date | null;
  language: string | null;
  theme: Theme;
  role: Role | null;
  isStale: boolean;
}

/** Who is asking, in one statement: session, user, profile, organisation. */
const principalWhere = (condition: string) => `
  SELECT s.id AS "sessionId", s.flags, s.last_seen_at < now() - interval '1 minute' AS "isStale",
    u.id AS "userId", u.email, u.email_verified_at AS "emailVerifiedAt",
    u.is_staff AS "isStaff", u.is_superuser AS "isSuperuser",
    p.id AS "profileId", p.display_name AS "displayName", l.code AS language, z.name AS timezone,
    c.code AS country, p.theme, p.marketing_emails AS "marketingEmails", p.avatar AS "avatarKey",
    p.profile_completed_at AS "profileCompletedAt",
    p.is_active AND t.is_active IS NOT FALSE AS "profileActive", p.role, p.tenant_id AS "tenantId",
    t.organization, t.is_active AS "tenantActive", t.logo AS "logoKey"
  FROM session s
  JOIN users u ON u.id = s.user_id AND u.is_active AND u.deleted_at IS NULL
  JOIN user_profile p ON p.user_id = u.id AND p.deleted_at IS NULL
  LEFT JOIN tenant t ON t.id = p.tenant_id
  LEFT JOIN language l ON l.id = p.language_id
  LEFT JOIN timezone z ON z.id = p.timezone_id
  LEFT JOIN country c ON c.id = p.country_id
  WHERE ${condition} AND s.kind = $2 AND s.ended_at IS NULL AND s.expires_at > now()
    AND s.last_seen_at > now() - make_interval(secs => $3)`;

const PRINCIPAL_BY_TOKEN = principalWhere('s.token_hash = $1');
const PRINCIPAL_BY_ID = principalWhere('s.id = $1');

/** A request may have waited so long, in seconds, and still count as one of several at once. */
const REFRESH_GRACE = 10;

@Injectable()
export class SessionsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** `idleHours`: a session not seen for so long is over. */
  async principalOf(
    kind: SessionKind,
    tokenHash: Buffer,
    idleHours: number,
  ): Promise<FoundPrincipal | null> {
    const values = [tokenHash, kind, idleHours * 3600];
    return this.principal({ name: 'principal', text: PRINCIPAL_BY_TOKEN, values });
  }

  /** Like `principalOf`, for whoever has proof of the session's id. */
  async principalById(
    kind: SessionKind,
    id: string,
    idleHours: number,
  ): Promise<FoundPrincipal | null> {
    const values = [id, kind, idleHours * 3600];
    return this.principal({ name: 'principal-by-id', text: PRINCIPAL_BY_ID, values });
  }

  private async principal(statement: Statement): Promise<FoundPrincipal | null> {
    const [row] = await this.unitOfWork.read<PrincipalRow>(statement, 'identity');
    if (!row) return null;
    const { isStale, language, emailVerifiedAt, ...rest } = row;
    const locale = localeFromLanguage(language);
    return { isStale, principal: { ...rest, locale, emailVerified: emailVerifiedAt !== null } };
  }

  async add(session: NewSession): Promise<string> {
    const { userId, kind, tokenHash, flags, userAgent, ip, absoluteHours } = session;
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO session (user_id, kind, token_hash, flags, user_agent, ip, expires_at)
       VALUES ($1, $2, $3, $4, left($5, 400), $6, now() + make_interval(secs => $7)) RETURNING id`,
      [userId, kind, tokenHash, flags, userAgent, ip, absoluteHours * 3600],
    );
    return row!.id;
  }

  /** Notes that a session was just used; at most once a minute, however many tabs there are. */
  async touch(id: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE session SET last_seen_at = now()
       WHERE id = $1 AND last_seen_at < now() - interval '1 minute'`,
      [id],
    );
  }

  async setFlags(id: string, flags: SessionFlags): Promise<void> {
    await this.unitOfWork.execute('UPDATE session SET flags = flags || $2 WHERE id = $1', [
      id,
      flags,
    ]);
  }

  /** The live sessions of a person, latest first. */
  liveOf(userId: string, idleHours: number): Promise<SessionRow[]> {
    return this.unitOfWork.read<SessionRow>({
      name: 'live-sessions',
      text: `SELECT id, kind, user_agent AS "userAgent", host(ip) AS ip, created_at AS "createdAt",
          last_seen_at AS "lastSeenAt"
        FROM session
        WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now()
          AND last_seen_at > now() - make_interval(secs => $2)
        ORDER BY last_seen_at DESC, id LIMIT 100`,
      values: [userId, idleHours * 3600],
    });
  }

  /** Ends one session of a person; false when they have no such live session. */
  async end(id: string, userId: string): Promise<boolean> {
    const ended = await this.unitOfWork.execute(
      'UPDATE session SET ended_at = now() WHERE id = $1 AND user_id = $2 AND ended_at IS NULL',
      [id, userId],
    );
    return ended > 0;
  }

  /**
   * Exchanges a live token for the next one. The row is the referee: of several exchanges of one token
   * at once, the first changes it and the others no longer find it.
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
   * Ends the session this token belonged to before it was exchanged; null when there is none, or when
   * the request had come in before the exchange: then it is one of several at once. `waited`: seconds
   * since it came in. Only the database's clock is asked, so the clocks of replicas need not agree.
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

  /** Ends all sessions of a person, but for `except`. */
  endAll(userId: string, except: string | null = null): Promise<number> {
    return this.unitOfWork.execute(
      `UPDATE session SET ended_at = now()
       WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2`,
      [userId, except],
    );
  }
}

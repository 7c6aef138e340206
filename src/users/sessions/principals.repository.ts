import { Injectable } from '@nestjs/common';
import { NEW_DAYS, type Principal, type Role, type Theme } from '../../core/context/principal.js';
import type { Statement } from '../../core/database/read-path/pipelined-read.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { TENANT_PLAN_COLUMNS, type TenantPlan } from '../../core/entitlements/tenant-plan.js';
import { localeFromLanguage } from '../../core/i18n/locales.js';
import type { SessionKind } from './session.entity.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

export interface FoundPrincipal {
  principal: Principal;
  isStale: boolean;
}

/** Null without an organisation. */
type Nullable<T> = { [K in keyof T]: T[K] | null };

interface PrincipalRow
  extends
    Omit<Principal, 'locale' | 'emailVerified' | 'theme' | 'role' | 'impersonator' | 'plan'>,
    Nullable<TenantPlan> {
  /** Of a session in which staff act on somebody's behalf, as are the three after it; null of any other. */
  actingSessionId: string | null;
  staffId: string | null;
  staffName: string | null;
  mayWrite: boolean | null;
  staffLanguage: string | null;
  expiresAt: Date;
  emailVerifiedAt: Date | null;
  language: string | null;
  theme: Theme;
  role: Role | null;
  isStale: boolean;
}

/** SQL condition on `own` (the superuser's session) and the superuser: whether they may still impersonate. */
export const MAY_ACT = `own.ended_at IS NULL AND own.expires_at > now()
  AND own.acting_session_id IS NULL AND own.kind = 'browser'
  AND staff.is_active AND staff.deleted_at IS NULL AND staff.is_staff AND staff.is_superuser`;

/** Minutes after which a person proves again who they are, before what is sensitive (ASVS 7.5.1). */
export const STEP_UP_MINUTES = 10;

/**
 * The principal in one statement: session, user, profile, organisation. For impersonation sessions it also
 * checks that the superuser may still impersonate.
 */
const principalWhere = (condition: string) => `
  SELECT s.id AS "sessionId", s.flags, s.last_seen_at < now() - interval '1 minute' AS "isStale",
    s.acting_session_id AS "actingSessionId", s.acting_staff_id AS "staffId",
    s.acting_staff_name AS "staffName", s.acting_may_write AS "mayWrite", s.expires_at AS "expiresAt",
    CASE WHEN s.acting_session_id IS NOT NULL THEN (SELECT l.code FROM user_profile p
      JOIN language l ON l.id = p.language_id WHERE p.user_id = s.acting_staff_id) END
      AS "staffLanguage",
    s.authenticated_at AS "authenticatedAt", s.assurance, s.methods,
    s.authenticated_at > now() - interval '${STEP_UP_MINUTES} minutes' AS "isRecentlyAuthenticated",
    u.id AS "userId", u.email, u.email_verified_at AS "emailVerifiedAt",
    u.is_staff AS "isStaff", u.is_superuser AS "isSuperuser",
    u.second_factors AS "secondFactors",
    p.id AS "profileId", p.version AS "profileVersion", p.display_name AS "displayName", l.code AS language, z.name AS timezone,
    c.code AS country, p.theme, p.marketing_emails AS "marketingEmails", p.avatar AS "avatarKey",
    p.profile_completed_at AS "profileCompletedAt",
    p.is_active AND t.is_active IS NOT FALSE AS "profileActive", p.role, p.tenant_id AS "tenantId",
    t.organization, t.is_active AS "tenantActive", t.logo AS "logoKey",
    t.erase_at AS "eraseAt",
    coalesce(t.created_at > now() - interval '${NEW_DAYS} days', false) AS "isTenantNew",
    t.sample_data_since IS NOT NULL AS "hasSampleData",
    t.second_factor_from::text AS "secondFactorFrom",
    coalesce(t.second_factor_from <= (now() AT TIME ZONE 'UTC')::date, false) AS "isSecondFactorDue",
    (SELECT count(*)::int FROM (SELECT FROM notification n
      WHERE n.member_id = p.id AND n.read_at IS NULL LIMIT 100) unread) AS "unreadNotifications",
    (SELECT cu.code FROM currency cu WHERE cu.id = t.currency_id) AS currency,
    ${TENANT_PLAN_COLUMNS}
  FROM session s
  JOIN users u ON u.id = s.user_id AND u.is_active AND u.deleted_at IS NULL
  JOIN user_profile p ON p.user_id = u.id AND p.deleted_at IS NULL
  LEFT JOIN tenant t ON t.id = p.tenant_id
  LEFT JOIN language l ON l.id = p.language_id
  LEFT JOIN timezone z ON z.id = p.timezone_id
  LEFT JOIN country c ON c.id = p.country_id
  WHERE ${condition} AND s.kind = $2 AND s.ended_at IS NULL AND s.expires_at > now()
    AND s.last_seen_at > now() - make_interval(secs => $3)
    AND (s.acting_session_id IS NULL OR NOT u.is_staff AND NOT u.is_superuser AND (
      SELECT ${MAY_ACT} FROM session own JOIN users staff ON staff.id = own.user_id
      WHERE own.id = s.acting_session_id))`;

const PRINCIPAL_BY_TOKEN = principalWhere('s.token_hash = $1');
const PRINCIPAL_BY_ID = principalWhere('s.id = $1');

@Injectable()
export class PrincipalsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** `idleHours`: sessions unused for this many hours have ended. */
  async byToken(
    kind: SessionKind,
    tokenHash: Buffer,
    idleHours: number,
  ): Promise<FoundPrincipal | null> {
    const values = [tokenHash, kind, idleHours * 3600];
    const statement = { name: 'principal', text: PRINCIPAL_BY_TOKEN, values };
    return this.find(statement);
  }

  /** Like `byToken`, by the session id of a verified access token. */
  async byId(kind: SessionKind, id: string, idleHours: number): Promise<FoundPrincipal | null> {
    const values = [id, kind, idleHours * 3600];
    return this.find({ name: 'principal-by-id', text: PRINCIPAL_BY_ID, values });
  }

  private async find(statement: Statement): Promise<FoundPrincipal | null> {
    const [row] = await this.unitOfWork.read<PrincipalRow>(statement, identityRole);
    if (!row) return null;
    const { isStale, language, emailVerifiedAt, ...session } = row;
    const { actingSessionId, staffId, staffName, staffLanguage, mayWrite, expiresAt, ...owner } =
      session;
    const { accessState, accessUntil, planKey, planVersion, seats, overrides, ...rest } = owner;
    const plan =
      accessState !== null && overrides !== null
        ? { accessState, accessUntil, planKey, planVersion, seats, overrides }
        : null;
    const locale = localeFromLanguage(language);
    const impersonator =
      actingSessionId !== null && staffId !== null && staffName !== null && mayWrite !== null
        ? {
            ...{ id: staffId, name: staffName, locale: localeFromLanguage(staffLanguage) },
            ...{ sessionId: actingSessionId, mayWrite, until: expiresAt },
          }
        : null;
    const emailVerified = emailVerifiedAt !== null;
    return { isStale, principal: { ...rest, locale, emailVerified, impersonator, plan } };
  }
}

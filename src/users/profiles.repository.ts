import { Injectable } from '@nestjs/common';
import type { Role } from '../core/context/principal.js';
import { rememberLocked, saveLocked } from '../core/database/locked-rows.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { UserProfile, displayNameFrom } from './user-profile.entity.js';
import { retentionRole } from '../core/database/privileged/retention.role.js';

/** Values of the profile form. */
export interface ProfileRow {
  displayName: string | null;
  timezone: string | null;
  country: string | null;
  /** ISO 639-1. */
  language: string | null;
  theme: string;
  marketingEmails: boolean;
  avatarKey: string | null;
  profileCompletedAt: Date | null;
}

/** Values of the profile page. */
export interface OwnProfileRow extends ProfileRow {
  /** The new address, not confirmed yet. */
  pendingEmail: string | null;
  /** Whether nobody else is active in the organisation, which is closed with this account then. */
  isAlone: boolean;
  version: number;
}

export interface Overview {
  memberCount: number;
  /** Invitations that can still be accepted. */
  invitationCount: number;
}

@Injectable()
export class ProfilesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Creates the profile of a new user, in the same unit of work. */
  async addFor(userId: string, email: string): Promise<void> {
    await this.unitOfWork.post({
      text: 'INSERT INTO user_profile (user_id, display_name) VALUES ($1, $2)',
      values: [userId, displayNameFrom(email)],
    });
  }

  /**
   * Creates the profile of an invited person: complete, with the organisation's defaults. `timezone`: the IANA name that
   * counts where the organisation has none; an unknown one counts as none.
   */
  async addMember(
    userId: string,
    email: string,
    { tenantId, role, timezone }: { tenantId: string; role: Role; timezone: string | null },
  ): Promise<string> {
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO user_profile (user_id, display_name, profile_completed_at, tenant_id, role,
         tenant_joined_at, timezone_id, language_id)
       SELECT $1, $2, now(), id, $4, now(),
         coalesce(timezone_id, (SELECT z.id FROM timezone z WHERE z.name = $5)), language_id
       FROM tenant WHERE id = $3
       RETURNING id`,
      [userId, displayNameFrom(email), tenantId, role, timezone],
    );
    return row!.id;
  }

  /**
   * As the role of erasure: ends all memberships of the organisation in context. Those who had lost their access may
   * found an organisation too. Returns how many there were.
   */
  releaseAll(): Promise<number> {
    return this.unitOfWork.execute(
      `UPDATE user_profile SET tenant_id = NULL, role = NULL, tenant_joined_at = NULL,
         tenant_revoked_at = NULL, revoked_role = NULL, checklist_hidden_at = NULL, is_active = true, version = version + 1
       WHERE tenant_id = app_tenant_id()`,
    );
  }

  /** One's own profile, locked until the unit of work ends. */
  async lockOwn(userId: string): Promise<UserProfile> {
    const { manager } = this.unitOfWork;
    const profile = await manager
      .createQueryBuilder(UserProfile, 'profile')
      .setLock('pessimistic_write')
      .where({ userId })
      .getOneOrFail();
    return rememberLocked(manager, profile);
  }

  async save(profile: UserProfile): Promise<void> {
    await saveLocked(this.unitOfWork.manager, profile);
  }

  /** Saves theme and language without counting the version: the header of every page offers both. */
  async saveChoices({ id, theme, languageId }: UserProfile): Promise<void> {
    await this.unitOfWork.execute(
      'UPDATE user_profile SET theme = $2, language_id = $3 WHERE id = $1',
      [id, theme, languageId],
    );
  }

  async shown(userId: string): Promise<ProfileRow> {
    const [row] = await this.unitOfWork.read<ProfileRow>({
      name: 'profile-form',
      text: `SELECT ${SHOWN} ${FROM_PROFILE} WHERE p.user_id = $1`,
      values: [userId],
    });
    return row!;
  }

  /** `shown`, with values for the owner only. */
  async shownToOwner(userId: string): Promise<OwnProfileRow> {
    const [row] = await this.unitOfWork.read<OwnProfileRow>({
      name: 'own-profile',
      text: `SELECT ${SHOWN}, p.version, (SELECT k.email FROM user_token k
          WHERE k.user_id = p.user_id AND k.purpose = 'email_change' AND k.used_at IS NULL
            AND k.expires_at > now() LIMIT 1) AS "pendingEmail",
          p.tenant_id IS NOT NULL AND NOT EXISTS (SELECT FROM user_profile o
            WHERE o.tenant_id = p.tenant_id AND o.id <> p.id AND o.is_active AND o.account_open
              AND o.deleted_at IS NULL) AS "isAlone"
        ${FROM_PROFILE} WHERE p.user_id = $1`,
      values: [userId],
    });
    return row!;
  }

  async isFoundedAlone(userId: string): Promise<boolean> {
    const [row] = await this.unitOfWork.read<{ isFoundedAlone: boolean }>({
      name: 'founded-alone',
      text: `SELECT t.created_by = $1 AND NOT EXISTS (SELECT FROM user_profile o
          WHERE o.tenant_id = t.id AND o.user_id <> $1) AS "isFoundedAlone"
        FROM tenant t WHERE t.id = (SELECT app_tenant_id())`,
      values: [userId],
    });
    return row?.isFoundedAlone ?? false;
  }

  /** Those of the keys that are an avatar. */
  async avatarsAmong(keys: string[]): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ key: string }>(
      {
        name: 'avatars-among',
        text: 'SELECT avatar AS key FROM user_profile WHERE avatar = ANY ($1)',
        values: [keys],
      },
      retentionRole,
    );
    return rows.map(({ key }) => key);
  }

  /** Number of active members and pending invitations of the current organisation. */
  async overview(): Promise<Overview> {
    const [row] = await this.unitOfWork.read<Overview>({
      name: 'overview',
      text: `SELECT
          (SELECT count(*)::int FROM user_profile p
            WHERE p.tenant_id = (SELECT app_tenant_id()) AND p.is_active
              AND p.account_open AND p.deleted_at IS NULL) AS "memberCount",
          (SELECT count(*)::int FROM invitation i
            WHERE i.tenant_id = (SELECT app_tenant_id()) AND i.state = 'pending' AND i.expires_at > now()
              AND i.deleted_at IS NULL) AS "invitationCount"`,
    });
    return row!;
  }
}

const SHOWN = `p.display_name AS "displayName", z.name AS timezone, c.code AS country,
  l.code AS language, p.theme, p.marketing_emails AS "marketingEmails", p.avatar AS "avatarKey",
  p.profile_completed_at AS "profileCompletedAt"`;
const FROM_PROFILE = `FROM user_profile p
  LEFT JOIN timezone z ON z.id = p.timezone_id
  LEFT JOIN country c ON c.id = p.country_id
  LEFT JOIN language l ON l.id = p.language_id`;

import { Injectable } from '@nestjs/common';
import { rememberLocked, saveLocked } from '../core/database/locked-rows.js';
import { LOCK_ORGANISATION, LOCK_ORGANISATION_ALONE } from '../users/organisation-lock.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { listStatement, MEMBER_COLUMNS, type MemberQuery, type MemberRow } from './member-list.js';
import { memberName } from './member-name.js';
import { searchStatement, soughtIn } from './member-search.js';
import { UserProfile } from '../users/user-profile.entity.js';

export interface AdminAddress {
  email: string;
  /** ISO 639-1, as chosen in the profile. */
  language: string | null;
}

export interface MemberContact extends AdminAddress {
  displayName: string | null;
}

/** Members of the current organisation. */
@Injectable()
export class MembersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** At most `limit` members in one statement: by name, or by matching word. */
  async listed(query: MemberQuery): Promise<MemberRow[]> {
    const sought = query.q ? soughtIn(query.q) : null;
    if (sought?.length === 0) return [];
    const rows = await this.unitOfWork.read<MemberRow>(
      sought ? searchStatement(query, sought) : listStatement(query),
    );
    return query.before ? rows.reverse() : rows;
  }

  /** One member; null for anybody else. */
  async find(id: string): Promise<MemberRow | null> {
    const [row] = await this.unitOfWork.read<MemberRow>({
      name: 'member',
      text: `SELECT ${MEMBER_COLUMNS} FROM user_profile p JOIN users u ON u.id = p.user_id
        WHERE p.id = $1 AND p.tenant_id = app_tenant_id() AND p.deleted_at IS NULL`,
      values: [id],
    });
    return row ?? null;
  }

  /** Those of these members that the organisation has, by name. */
  among(ids: string[]): Promise<MemberRow[]> {
    return this.unitOfWork.read<MemberRow>({
      name: 'members-among',
      text: `SELECT ${MEMBER_COLUMNS} FROM user_profile p JOIN users u ON u.id = p.user_id
        WHERE p.id = ANY($1) AND p.tenant_id = app_tenant_id() AND p.deleted_at IS NULL
        ORDER BY p.listed_as COLLATE "C", p.id`,
      values: [ids],
    });
  }

  /** Active members by name, and the one with the id `chosen`. */
  choices(chosen: string | null): Promise<Array<{ id: string; name: string; email: string }>> {
    return this.unitOfWork.read({
      name: 'member-choices',
      text: `SELECT p.id, coalesce(p.display_name, u.email) AS name, u.email
        FROM user_profile p JOIN users u ON u.id = p.user_id
        WHERE p.tenant_id = (SELECT app_tenant_id()) AND (p.id = $1 OR ${ACTIVE})
        ORDER BY p.listed_as COLLATE "C", p.id`,
      values: [chosen],
    });
  }

  /** Where a member is written to; null for anybody else. */
  async contact(id: string): Promise<MemberContact | null> {
    const [row] = await this.unitOfWork.read<MemberContact>({
      name: 'member-contact',
      text: `SELECT p.display_name AS "displayName", u.email, l.code AS language
        FROM user_profile p JOIN users u ON u.id = p.user_id
        LEFT JOIN language l ON l.id = p.language_id
        WHERE p.id = $1 AND p.tenant_id = app_tenant_id()`,
      values: [id],
    });
    return row ?? null;
  }

  /** The name of a member, with or without access; null for anybody else. */
  async nameOf(id: string): Promise<string | null> {
    const [row] = await this.unitOfWork.read<{ name: string | null }>({
      name: 'member-name',
      text: `SELECT ${memberName('p.id')} AS name FROM user_profile p
        WHERE p.id = $1 AND p.tenant_id = app_tenant_id()`,
      values: [id],
    });
    return row?.name ?? null;
  }

  /** In a unit of work: whether somebody is a member who can act. */
  async isActive(profileId: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      `SELECT 1 FROM user_profile p
       WHERE p.id = $1 AND p.tenant_id = app_tenant_id() AND ${ACTIVE}`,
      [profileId],
    );
    return rows.length > 0;
  }

  /** Active admins, in a fixed order. */
  adminAddresses(): Promise<AdminAddress[]> {
    return this.unitOfWork.read<AdminAddress>({
      name: 'admin-addresses',
      text: `SELECT u.email, l.code AS language FROM user_profile p JOIN users u ON u.id = p.user_id
          LEFT JOIN language l ON l.id = p.language_id
        WHERE p.tenant_id = (SELECT app_tenant_id()) AND p.role = 'admin' AND p.is_active
          AND p.account_open AND p.deleted_at IS NULL
        ORDER BY p.id`,
    });
  }

  /**
   * Locks the memberships of the organisation, before the next statement, until the unit of work ends, so that
   * decisions still hold when they are written.
   */
  lockOrganisation(): Promise<void> {
    return this.unitOfWork.post(LOCK_ORGANISATION);
  }

  /** As `lockOrganisation`, and waits for people who are joining; for leaving. */
  lockOrganisationForLeaving(): Promise<void> {
    return this.unitOfWork.post(LOCK_ORGANISATION_ALONE);
  }

  /** Whether the organisation is open; locks that state until the unit of work ends. */
  async isOpen(): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      'SELECT 1 FROM tenant WHERE id = app_tenant_id() AND closed_at IS NULL AND erase_at IS NULL FOR KEY SHARE',
    );
    return rows.length > 0;
  }

  /** In a unit of work: people who can act. */
  async count(): Promise<number> {
    const [row] = await this.unitOfWork.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM user_profile p
       WHERE p.tenant_id = app_tenant_id() AND ${ACTIVE}`,
    );
    return row!.count;
  }

  /** Whether the profile is an active admin of the organisation now, and staff have not closed that. */
  async isActiveAdmin(profileId: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      `SELECT 1 FROM user_profile p
       JOIN tenant t ON t.id = p.tenant_id AND t.closed_at IS NULL
       WHERE p.id = $1 AND p.tenant_id = app_tenant_id() AND ${ADMIN} AND ${ACTIVE}`,
      [profileId],
    );
    return rows.length > 0;
  }

  /** A member of the organisation, locked; null for anybody else. */
  async lock(profileId: string): Promise<UserProfile | null> {
    const { manager } = this.unitOfWork;
    const found = await manager
      .createQueryBuilder(UserProfile, 'profile')
      .setLock('pessimistic_write')
      .where('profile.id = :profileId AND profile.tenantId = app_tenant_id()', { profileId })
      .getOne();
    return found && rememberLocked(manager, found);
  }

  async canSignIn(userId: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      'SELECT 1 FROM users WHERE id = $1 AND is_active AND deleted_at IS NULL',
      [userId],
    );
    return rows.length > 0;
  }

  async save(profile: UserProfile): Promise<void> {
    await saveLocked(this.unitOfWork.manager, profile);
  }

  /** Whether this person is an active admin, and who remains in the organisation without them. */
  async without(userId: string): Promise<{ wasAdmin: boolean; anyone: boolean; anAdmin: boolean }> {
    const [left] = await this.unitOfWork.query<{
      wasAdmin: boolean;
      anyone: boolean;
      anAdmin: boolean;
    }>(
      `SELECT coalesce(bool_or(p.user_id = $1 AND ${ADMIN}), false) AS "wasAdmin",
         coalesce(bool_or(p.user_id <> $1), false) AS anyone,
         coalesce(bool_or(p.user_id <> $1 AND ${ADMIN}), false) AS "anAdmin"
       FROM user_profile p WHERE p.tenant_id = app_tenant_id() AND ${ACTIVE}`,
      [userId],
    );
    return left!;
  }
}

/** SQL conditions for active members and admins, as in the function `has_admin`. */
const ACTIVE = 'p.is_active AND p.account_open AND p.deleted_at IS NULL';
const ADMIN = `p.role = 'admin'`;

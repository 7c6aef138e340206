import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { listStatement, MEMBER_COLUMNS, type MemberQuery, type MemberRow } from './member-list.js';
import { searchStatement, soughtIn } from './member-search.js';
import { UserProfile } from './user-profile.entity.js';

/** The people of the organisation in the scope. */
@Injectable()
export class MembersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** At most `limit` members, one statement: by name, or by the words they were found by. */
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

  /**
   * From here on, until the unit of work ends, nobody else changes who is who in the organisation:
   * what is decided on is still true when it is written.
   */
  async lockOrganisation(): Promise<void> {
    await this.unitOfWork.query(
      'SELECT 1 FROM tenant WHERE id = app_tenant_id() FOR NO KEY UPDATE',
    );
  }

  /** Whether this is, at this moment, an admin of the organisation who can act. */
  async isActiveAdmin(profileId: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      `SELECT 1 FROM user_profile p JOIN users u ON u.id = p.user_id
       WHERE p.id = $1 AND p.tenant_id = app_tenant_id() AND p.role = 'admin'
         AND p.is_active AND p.deleted_at IS NULL AND u.is_active AND u.deleted_at IS NULL`,
      [profileId],
    );
    return rows.length > 0;
  }

  /** A member of the organisation, locked; null for anybody else. */
  async lock(profileId: string): Promise<UserProfile | null> {
    return this.unitOfWork.manager
      .createQueryBuilder(UserProfile, 'profile')
      .setLock('pessimistic_write')
      .where('profile.id = :profileId AND profile.tenantId = app_tenant_id()', { profileId })
      .getOne();
  }

  async canSignIn(userId: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      'SELECT 1 FROM users WHERE id = $1 AND is_active AND deleted_at IS NULL',
      [userId],
    );
    return rows.length > 0;
  }

  async save(profile: UserProfile): Promise<void> {
    await this.unitOfWork.manager.save(profile);
  }

  /** What the organisation would be left with, were this person gone. */
  async without(userId: string): Promise<{ anyone: boolean; anAdmin: boolean }> {
    const others = (more: string) =>
      `EXISTS (SELECT 1 FROM user_profile p JOIN users u ON u.id = p.user_id
        WHERE p.tenant_id = app_tenant_id() AND p.user_id <> $1 AND p.is_active
          AND p.deleted_at IS NULL AND u.is_active ${more})`;
    const [left] = await this.unitOfWork.query<{ anyone: boolean; anAdmin: boolean }>(
      `SELECT ${others('')} AS anyone, ${others("AND p.role = 'admin'")} AS "anAdmin"`,
      [userId],
    );
    return left!;
  }
}

import { Injectable } from '@nestjs/common';
import type { Role } from '../core/context/principal.js';
import type { Statement } from '../core/database/pipelined-read.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { UserProfile } from './user-profile.entity.js';

export interface MemberRow {
  id: string;
  userId: string;
  displayName: string | null;
  email: string;
  role: Role;
  isActive: boolean;
  /** False once the person closed the account. */
  canSignIn: boolean;
  avatarKey: string | null;
  joinedAt: Date;
  revokedAt: Date | null;
}

export interface MemberQuery {
  /** Part of a name or an address; accents and capitals do not matter. */
  q?: string;
  role?: Role;
  isActive?: boolean;
  /** Id of the member the page comes after, or before. */
  after?: string;
  before?: string;
  limit: number;
}

/** The people of the organisation in the scope. */
@Injectable()
export class MembersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** At most `limit` members by name, one statement: the page first, what belongs to its rows after. */
  async listed(query: MemberQuery): Promise<MemberRow[]> {
    const rows = await this.unitOfWork.read<MemberRow>(listStatement(query));
    return query.before ? rows.reverse() : rows;
  }

  /** One member; null for anybody else. */
  async find(id: string): Promise<MemberRow | null> {
    const [row] = await this.unitOfWork.read<MemberRow>({
      name: 'member',
      text: `SELECT ${COLUMNS} FROM user_profile p JOIN users u ON u.id = p.user_id
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

const COLUMNS = `p.id, p.user_id AS "userId", p.display_name AS "displayName", u.email, p.role,
  p.is_active AS "isActive", u.is_active AND u.deleted_at IS NULL AS "canSignIn",
  p.avatar AS "avatarKey", p.tenant_joined_at AS "joinedAt", p.tenant_revoked_at AS "revokedAt"`;

/** Each combination of filters is a statement of its own, so that each can follow its own index. */
function listStatement({ q, role, isActive, after, before, limit }: MemberQuery): Statement {
  const values: unknown[] = [limit];
  const given = (value: unknown) => `$${values.push(value)}`;
  const conditions = ['tenant_id = app_tenant_id()', 'deleted_at IS NULL'];
  let name = 'members';
  if (role) {
    conditions.push(`role = ${given(role)}`);
    name += '-role';
  }
  if (isActive !== undefined) {
    conditions.push(isActive ? 'is_active = true' : 'is_active = false');
    name += isActive ? '-active' : '-inactive';
  }
  if (q) {
    conditions.push(`listed_as LIKE '%' || app_search_text(${given(escapeLike(q))}) || '%'`);
    name += '-q';
  }
  const cursor = after ?? before;
  if (cursor) {
    const id = given(cursor);
    conditions.push(`(listed_as COLLATE "C", id) ${after ? '>' : '<'} ((SELECT listed_as FROM user_profile
      WHERE id = ${id} AND tenant_id = app_tenant_id()), ${id}::uuid)`);
    name += after ? '-after' : '-before';
  }
  const order = (table: string) => {
    const direction = before && !after ? 'DESC' : 'ASC';
    return `${table}listed_as COLLATE "C" ${direction}, ${table}id ${direction}`;
  };
  const text = `SELECT ${COLUMNS}
    FROM (SELECT id, user_id, display_name, role, is_active, avatar, tenant_joined_at,
        tenant_revoked_at, listed_as
      FROM user_profile WHERE ${conditions.join(' AND ')} ORDER BY ${order('')} LIMIT $1) p
    JOIN users u ON u.id = p.user_id ORDER BY ${order('p.')}`;
  return { name, text, values, inIndexOrder: true };
}

/** `%` and `_` are what they are. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`);
}

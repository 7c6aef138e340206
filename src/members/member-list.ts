import type { Role } from '../core/context/principal.js';
import type { Statement } from '../core/database/read-path/pipelined-read.js';

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
  /** Beginnings of a name or an address; accents and capitals do not matter. */
  q?: string;
  role?: Role;
  isActive?: boolean;
  /** Id of the member the page comes after, or before. */
  after?: string;
  before?: string;
  limit: number;
}

export const MEMBER_COLUMNS = `p.id, p.user_id AS "userId", p.display_name AS "displayName", u.email, p.role,
  p.is_active AS "isActive", u.is_active AND u.deleted_at IS NULL AS "canSignIn",
  p.avatar AS "avatarKey", p.tenant_joined_at AS "joinedAt", p.tenant_revoked_at AS "revokedAt"`;

/**
 * In a subquery, so that the planner does not know which organisation asks: to it, a large one looks like
 * most of the table, and an index that mixes all organisations as good as one that starts with theirs.
 */
const OWN = 'tenant_id = (SELECT app_tenant_id())';

/** Members by name: the page first, what belongs to its rows after. */
export function listStatement(query: MemberQuery): Statement {
  const { after, before, limit } = query;
  const values: unknown[] = [limit];
  const given = (value: unknown) => `$${values.push(value)}`;
  const filter = filterOf(query, given);
  const conditions = [OWN, 'deleted_at IS NULL', ...filter.conditions];
  let name = `members${filter.name}`;
  const cursor = after ?? before;
  if (cursor) {
    const id = given(cursor);
    conditions.push(`(listed_as COLLATE "C", id) ${after ? '>' : '<'} ((SELECT listed_as FROM user_profile
      WHERE id = ${id} AND ${OWN}), ${id}::uuid)`);
    name += after ? '-after' : '-before';
  }
  const order = (table: string) => {
    const direction = before && !after ? 'DESC' : 'ASC';
    return `${table}listed_as COLLATE "C" ${direction}, ${table}id ${direction}`;
  };
  const text = `SELECT ${MEMBER_COLUMNS}
    FROM (SELECT id, user_id, display_name, role, is_active, avatar, tenant_joined_at,
        tenant_revoked_at, listed_as
      FROM user_profile WHERE ${conditions.join(' AND ')} ORDER BY ${order('')} LIMIT $1) p
    JOIN users u ON u.id = p.user_id ORDER BY ${order('p.')}`;
  return { name, text, values, inIndexOrder: true };
}

/** Each combination of filters is a statement of its own name, so that each can follow its own index. */
export function filterOf({ role, isActive }: MemberQuery, given: (value: unknown) => string) {
  const conditions: string[] = [];
  let name = '';
  if (role) {
    conditions.push(`role = ${given(role)}`);
    name += '-role';
  }
  if (isActive !== undefined) {
    conditions.push(isActive ? 'is_active = true' : 'is_active = false');
    name += isActive ? '-active' : '-inactive';
  }
  return { conditions, name };
}

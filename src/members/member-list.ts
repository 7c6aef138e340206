import type { Role } from '../core/context/principal.js';
import type { Statement } from '../core/database/read-path/pipelined-read.js';

export interface MemberRow {
  id: string;
  userId: string;
  displayName: string | null;
  email: string;
  role: Role;
  isActive: boolean;
  /** False after the person closed the account. */
  canSignIn: boolean;
  /** Kinds of second factors that the person set up. */
  secondFactors: string[];
  avatarKey: string | null;
  joinedAt: Date;
  /** Last use in person, accurate to five minutes; null: never. */
  lastSeenAt: Date | null;
  revokedAt: Date | null;
  version: number;
}

export interface MemberQuery {
  /** Prefixes of words of a name or address; accents and case are ignored. */
  q?: string;
  role?: Role;
  isActive?: boolean;
  /** Id of the member after (or before) which the page starts. */
  after?: string;
  before?: string;
  limit: number;
}

export const MEMBER_COLUMNS = `p.id, p.user_id AS "userId", p.display_name AS "displayName", u.email, p.role,
  p.is_active AS "isActive", u.is_active AND u.deleted_at IS NULL AS "canSignIn",
  u.second_factors AS "secondFactors",
  p.avatar AS "avatarKey", p.tenant_joined_at AS "joinedAt", p.tenant_revoked_at AS "revokedAt",
  u.last_seen_at AS "lastSeenAt", p.version`;

/**
 * In a subquery, so that the planner uses a generic estimate: knowing a large organisation it would prefer an
 * index over all organisations to one that starts with `tenant_id`.
 */
const OWN = 'tenant_id = (SELECT app_tenant_id())';

/** Statement for members by name: selects the page first and joins after. */
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
        tenant_revoked_at, version, listed_as
      FROM user_profile WHERE ${conditions.join(' AND ')} ORDER BY ${order('')} LIMIT $1) p
    JOIN users u ON u.id = p.user_id ORDER BY ${order('p.')}`;
  return { name, text, values, inIndexOrder: true };
}

/** One named statement per combination of filters, so that each can use its own index. */
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

import { mediaUrl } from '../core/http/pages/shell-builder.js';
import type { Role } from '../core/context/principal.js';
import type { MemberRow } from './member-list.js';

/** A member as shown to colleagues. */
export interface PresentedMember {
  id: string;
  /** Display name, else the e-mail address. */
  name: string;
  email: string;
  avatarUrl: string | null;
  role: Role;
  /** `closed`: the person closed the account. */
  state: 'active' | 'inactive' | 'closed';
  /** Kinds of second factors, none where two-step login is off. */
  secondFactors: string[];
  isYou: boolean;
  joinedAt: Date;
  /** Null: never. */
  lastSeenAt: Date | null;
  revokedAt: Date | null;
}

export function presentMember(row: MemberRow, me: { userId: string | null }): PresentedMember {
  const name = row.displayName ?? row.email;
  return {
    id: row.id,
    name,
    email: row.email,
    avatarUrl: mediaUrl(row.avatarKey),
    role: row.role,
    state: !row.canSignIn ? 'closed' : row.isActive ? 'active' : 'inactive',
    secondFactors: row.secondFactors,
    isYou: row.userId === me.userId,
    joinedAt: row.joinedAt,
    lastSeenAt: row.lastSeenAt,
    revokedAt: row.revokedAt,
  };
}

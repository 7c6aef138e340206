import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AuditAction } from '../core/features/names.js';
import { AuditTrail, differences } from '../audit/audit-trail.service.js';
import { isApiKey, personOf, type Actor, type Role } from '../core/context/principal.js';
import { requireInPerson } from '../core/http/access/require-in-person.js';
import { isRefusedBy } from '../core/database/database-errors.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { requireSeen, type SeenVersions } from '../core/database/version.js';
import { Entitlements } from '../core/entitlements/entitlements.js';
import { DomainError } from '../core/errors/domain-error.js';
import type { MemberQuery, MemberRow } from './member-list.js';
import { MembersRepository } from './members.repository.js';
import { Notifications } from '../notifications/notifications.service.js';
import { SessionsRepository } from '../users/sessions/sessions.repository.js';
import type { UserProfile } from '../users/user-profile.entity.js';
import { identityRole } from '../core/database/privileged/identity.role.js';

export interface MemberPage {
  members: MemberRow[];
  /** Whether there are previous and further members. */
  hasPrevious: boolean;
  hasNext: boolean;
}

/**
 * Rules of member administration, for pages and API: only active admins or API keys act, on members of their
 * own organisation; nobody demotes or deactivates themselves; an active admin always remains (trigger
 * `keep_an_admin`). Every action is idempotent.
 */
@Injectable()
export class MembersService implements OnModuleInit {
  constructor(
    private readonly members: MembersRepository,
    private readonly sessions: SessionsRepository,
    private readonly audit: AuditTrail,
    private readonly entitlements: Entitlements,
    private readonly notifications: Notifications,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.entitlements.countedBy('members', () => this.members.count());
  }

  async listed(query: MemberQuery): Promise<MemberPage> {
    const rows = await this.members.listed({ ...query, limit: query.limit + 1 });
    const hasMore = rows.length > query.limit;
    if (query.before && !query.after) {
      return { members: hasMore ? rows.slice(1) : rows, hasPrevious: hasMore, hasNext: true };
    }
    const members = hasMore ? rows.slice(0, -1) : rows;
    return { members, hasPrevious: query.after !== undefined, hasNext: hasMore };
  }

  among(ids: string[]): Promise<MemberRow[]> {
    return this.members.among(ids);
  }

  /** @throws DomainError `forbidden`, `not_found` (also for another organisation's), `conflict` */
  async setRole(
    by: Actor,
    profileId: string,
    role: Role,
    seen?: SeenVersions,
  ): Promise<UserProfile> {
    if (role === 'admin') requireInPerson(by);
    return this.change(by, profileId, (member) => this.giveRole(by, member, role), seen);
  }

  /**
   * Changes role and access in one step; a re-engaged member may be promoted at once.
   * @throws DomainError as the single actions, and `stale`
   */
  async update(
    by: Actor,
    profileId: string,
    { role, isActive }: { role?: Role; isActive?: boolean },
    seen?: SeenVersions,
  ): Promise<MemberRow> {
    const update = async (member: UserProfile) => {
      if (isActive === true) await this.giveAccess(member, () => member.reengage());
      if (role === 'admin') requireInPerson(by);
      if (role) await this.giveRole(by, member, role);
      if (isActive === false) await this.takeAccess(by, member);
    };
    await this.change(by, profileId, update, seen);
    return this.get(profileId);
  }

  /** @throws DomainError `not_found` (also for another organisation's) */
  async get(profileId: string): Promise<MemberRow> {
    const member = await this.members.find(profileId);
    if (!member) throw new DomainError('not_found', 'errors.not_found');
    return member;
  }

  /** Revokes access and ends the person's sessions in the same transaction. */
  async deactivate(by: Actor, profileId: string, seen?: SeenVersions): Promise<UserProfile> {
    return this.change(by, profileId, (member) => this.takeAccess(by, member), seen);
  }

  /** Restores access with the role "member". @throws DomainError `limit_reached` */
  async reengage(by: Actor, profileId: string): Promise<UserProfile> {
    return this.change(by, profileId, (member) => this.giveAccess(member, () => member.reengage()));
  }

  /** Undoes a deactivation: restores access with the previous role. */
  async restore(by: Actor, profileId: string, seen?: SeenVersions): Promise<UserProfile> {
    const restore = (member: UserProfile) =>
      this.giveAccess(member, () => {
        if (member.revokedRole === 'admin') requireInPerson(by);
        member.restore();
      });
    return this.change(by, profileId, restore, seen);
  }

  /**
   * Within a unit of work: locks the memberships of the organisation.
   * @throws DomainError `forbidden` for a person who is not an active admin (any more)
   */
  async requireAdmin(by: Actor): Promise<void> {
    await this.members.lockOrganisation();
    // API keys are not members: their scope was checked at the route, and the organisation may have been
    // closed since.
    const mayAct = isApiKey(by)
      ? await this.members.isOpen()
      : await this.members.isActiveAdmin(by.profileId);
    if (!mayAct) {
      throw new DomainError('forbidden', 'errors.admins_only');
    }
  }

  private async requireOpenAccount({ userId }: UserProfile): Promise<void> {
    if (await this.members.canSignIn(userId)) return;
    throw new DomainError('conflict', 'members.errors.account_closed');
  }

  /** Changes a member, locked together with the memberships of the organisation. */
  private async change(
    by: Actor,
    profileId: string,
    act: (member: UserProfile) => Promise<void>,
    seen?: SeenVersions,
  ): Promise<UserProfile> {
    try {
      return await this.unitOfWork.run(async () => {
        const [, member] = await Promise.all([this.requireAdmin(by), this.members.lock(profileId)]);
        if (!member) throw new DomainError('not_found', 'errors.not_found');
        requireSeen(member, seen);
        await act(member);
        return member;
      });
    } catch (error) {
      if (!isRefusedBy(error, 'user_profile_keeps_an_admin')) throw error;
      throw new DomainError('conflict', 'members.errors.last_admin');
    }
  }

  private giveRole(by: Actor, member: UserProfile, role: Role): Promise<void> {
    return this.apply(member, 'member.role_changed', () => member.changeRole(role, personOf(by)));
  }

  private giveAccess(member: UserProfile, give: () => void): Promise<void> {
    return this.apply(member, 'member.reengaged', async () => {
      await this.requireOpenAccount(member);
      if (!member.isActive) await this.entitlements.requireRoom('members');
      give();
    });
  }

  private takeAccess(by: Actor, member: UserProfile): Promise<void> {
    return this.apply(member, 'member.deactivated', async () => {
      member.revoke(personOf(by), new Date());
      await this.unitOfWork.runAs(identityRole, () => this.sessions.endAll(member.userId));
    });
  }

  /** One step of a change, with its entry in the trail. */
  private async apply(
    member: UserProfile,
    action: AuditAction,
    act: () => void | Promise<void>,
  ): Promise<void> {
    const before = standingOf(member);
    await act();
    const changes = differences(before, standingOf(member));
    const isTold = changes?.role && member.isActive && before.isActive;
    const told = { role: member.role! };
    // Neither needs the answer of the other.
    await Promise.all([
      this.members.save(member),
      isTold && this.notifications.tell([member.userId], 'member.role_changed', told),
    ]);
    const subject = { kind: 'member', id: member.id, name: member.displayName };
    if (changes?.isActive) await this.entitlements.changed('members');
    if (changes) await this.audit.record({ action, subject, changes });
  }
}

function standingOf({ role, isActive }: UserProfile) {
  return { role, isActive };
}

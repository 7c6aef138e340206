import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../../core/features/names.js';
import { AuditTrail, differences } from '../../audit/audit-trail.service.js';
import { mask } from '../../audit/mask.js';
import type { Principal, Role } from '../../core/context/principal.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { isRefusedBy } from '../../core/database/database-errors.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { requireSeen, type SeenVersions } from '../../core/database/version.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { AdministrationRepository } from './administration.repository.js';
import { InvitationsRepository } from '../invitations/invitations.repository.js';
import { MembersRepository } from '../members.repository.js';
import { SessionsRepository } from '../../users/sessions/sessions.repository.js';
import type { UserProfile } from '../../users/user-profile.entity.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

export interface MemberChange {
  /** At most 100 characters. */
  displayName: string | null;
  role: Role;
}

/**
 * Actions of superusers on members, in the member's organisation and under the rules of its own admins.
 * Idempotent.
 */
@Injectable()
export class MemberAdministration {
  constructor(
    private readonly people: AdministrationRepository,
    private readonly members: MembersRepository,
    private readonly invitations: InvitationsRepository,
    private readonly sessions: SessionsRepository,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws DomainError `not_found`, `stale`, `conflict` for oneself, and for the last admin */
  async change(
    me: Principal,
    profileId: string,
    next: MemberChange,
    seen?: SeenVersions,
  ): Promise<void> {
    await this.act(me, profileId, 'record.changed', (member) => {
      requireSeen(member, seen);
      member.changeRole(next.role, me.userId);
      member.displayName = next.displayName;
    });
  }

  /** Revokes a member's access and ends their sessions in the same transaction. */
  async deactivate(me: Principal, profileId: string): Promise<void> {
    await this.act(me, profileId, 'record.deactivated', async (member) => {
      member.revoke(me.userId, new Date());
      await this.unitOfWork.runAs(identityRole, () => this.sessions.endAll(member.userId));
    });
  }

  /** Restores access with the role "member". */
  async restore(me: Principal, profileId: string): Promise<void> {
    await this.act(me, profileId, 'record.restored', async (member) => {
      if (!(await this.members.canSignIn(member.userId))) {
        throw new DomainError('conflict', 'members.errors.account_closed');
      }
      member.reengage();
    });
  }

  /** Cancels an invitation. @throws DomainError `conflict` when it was accepted */
  async cancelInvitation(me: Principal, id: string): Promise<void> {
    requireSuperuser(me);
    await this.unitOfWork.run(async () => {
      await this.enterOrganisationOf('invitation', id);
      const invitation = await this.invitations.lock(id);
      if (!invitation || invitation.state === 'accepted') {
        throw new DomainError('conflict', 'members.errors.not_pending');
      }
      if (invitation.state !== 'pending') return;
      await this.invitations.cancel(id);
      const subject = { kind: 'invitation', id, name: mask(invitation.email) };
      await this.audit.record({ action: 'invitation.cancelled', subject });
    });
  }

  private async act(
    me: Principal,
    profileId: string,
    action: AuditAction,
    change: (member: UserProfile) => void | Promise<void>,
  ): Promise<void> {
    requireSuperuser(me);
    try {
      await this.unitOfWork.run(async () => {
        await this.enterOrganisationOf('user_profile', profileId);
        await this.members.lockOrganisation();
        const member = await this.members.lock(profileId);
        if (!member) throw new DomainError('not_found', 'errors.not_found');
        const before = standingOf(member);
        await change(member);
        await this.members.save(member);
        const changes = differences(before, standingOf(member));
        if (changes?.displayName) {
          changes.displayName = { from: mask(before.displayName), to: mask(member.displayName) };
        }
        const subject = { kind: 'member', id: member.id, name: member.displayName };
        if (changes) await this.audit.record({ action, subject, changes });
      });
    } catch (error) {
      if (!isRefusedBy(error, 'user_profile_keeps_an_admin')) throw error;
      throw new DomainError('conflict', 'members.errors.last_admin');
    }
  }

  /** A person without an organisation is not a member. */
  private async enterOrganisationOf(
    table: 'user_profile' | 'invitation',
    id: string,
  ): Promise<void> {
    const tenantId = await this.people.organisationOf(table, id);
    if (!tenantId) throw new DomainError('conflict', 'members.errors.no_organisation');
    await this.unitOfWork.switchTenant(tenantId);
  }
}

function standingOf({ role, isActive, displayName }: UserProfile) {
  return { role, isActive, displayName };
}

import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../../core/features/names.js';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import { AuditTrail, differences } from '../../audit/audit-trail.service.js';
import { mask, nameOf } from '../../audit/mask.js';
import type { Principal } from '../../core/context/principal.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { isRefusedBy } from '../../core/database/database-errors.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { AdministrationRepository, type AdministeredUser } from './administration.repository.js';
import { Departures } from '../departures.service.js';
import { EmailLinksService } from '../../users/links/email-links.service.js';
import { MembersRepository } from '../members.repository.js';
import { FactorReset } from '../../users/second-factors/factor-reset.service.js';
import { SessionsRepository } from '../../users/sessions/sessions.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

export interface AccountChange {
  /** Lower case. */
  email: string;
  isStaff: boolean;
  isSuperuser: boolean;
}

/**
 * Actions of superusers on accounts other than their own. A superuser always remains (trigger
 * `keep_a_superuser`), and an organisation keeps an admin who can sign in or is closed. Idempotent.
 */
@Injectable()
export class UserAdministration {
  constructor(
    private readonly people: AdministrationRepository,
    private readonly members: MembersRepository,
    private readonly departures: Departures,
    private readonly sessions: SessionsRepository,
    private readonly links: EmailLinksService,
    private readonly factors: FactorReset,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * @throws DomainError `not_found`, `forbidden` for a former superuser, `conflict` for a taken address or
   * one's own rights
   */
  async change(me: Principal, id: string, next: AccountChange): Promise<void> {
    if (next.isSuperuser && !next.isStaff) {
      throw new DomainError('invalid', 'members.errors.superuser_is_staff', { field: 'is_staff' });
    }
    await this.administer(me, id, async (user) => {
      if (id === me.userId && !(next.isStaff && next.isSuperuser)) {
        throw new DomainError('conflict', 'members.errors.own_rights', { field: 'is_superuser' });
      }
      const changes = differences<AccountChange>(
        { email: user.email, isStaff: user.isStaff, isSuperuser: user.isSuperuser },
        next,
      );
      if (!changes) return;
      await this.people.setRights(id, next.isStaff, next.isSuperuser);
      if (changes.email) {
        await this.links.correct(user, next.email);
        changes.email = { from: mask(user.email), to: mask(next.email) };
      }
      await this.record('record.changed', user, changes);
    });
  }

  /**
   * Closes an account and ends its sessions. Closes the organisation too when nobody else is active in it.
   * @throws DomainError `conflict` for the only admin among other active members
   */
  async deactivate(me: Principal, id: string): Promise<void> {
    if (id === me.userId) throw new DomainError('conflict', 'members.errors.own_account');
    await this.administer(me, id, async (user) => {
      if (!user.isActive) return;
      if (user.tenantId) await this.departures.depart({ userId: id, email: user.email });
      await this.people.setActive(id, false);
      await this.unitOfWork.runAs(identityRole, () => this.sessions.endAll(id));
      await this.links.dropAll(id);
      await this.record('record.deactivated', user, { isActive: { from: true, to: false } });
    });
  }

  /** Re-opens an account without its sessions; a closed organisation stays closed. */
  async restore(me: Principal, id: string): Promise<void> {
    await this.administer(me, id, async (user) => {
      if (user.isActive) return;
      await this.people.setActive(id, true);
      await this.record('record.restored', user, { isActive: { from: false, to: true } });
    });
  }

  /**
   * Removes the second factors of somebody who lost them.
   * @throws DomainError `conflict` for one's own, or where there is none
   */
  async resetFactors(me: Principal, id: string): Promise<void> {
    if (id === me.userId) throw new DomainError('conflict', 'members.errors.own_factors');
    await this.administer(me, id, () => this.factors.reset(id));
  }

  async endSession(me: Principal, sessionId: string): Promise<void> {
    requireSuperuser(me);
    await this.unitOfWork.run(async () => {
      const owner = await this.people.ownerOfSession(sessionId);
      const ended = await this.unitOfWork.runAs(identityRole, () =>
        this.sessions.end(sessionId, owner.id),
      );
      if (!ended) return;
      const subject = { kind: 'session', id: sessionId, name: nameOf(owner) };
      await this.audit.record({ action: 'session.ended', subject, tenantId: owner.tenantId });
    });
  }

  /**
   * Locks organisation and account in this order and re-reads the superuser's rights: of two superusers who
   * act on each other at once, the second is refused.
   */
  private async administer(
    me: Principal,
    id: string,
    act: (user: AdministeredUser) => Promise<void>,
  ): Promise<void> {
    requireSuperuser(me);
    try {
      await this.unitOfWork.run(async () => {
        const { tenantId } = await this.people.user(id);
        if (tenantId) {
          await this.unitOfWork.switchTenant(tenantId);
          await this.members.lockOrganisation();
        }
        if (!(await this.people.lockAsSuperuser(me.userId, id))) {
          throw new DomainError('forbidden', 'errors.superusers_only');
        }
        await act(await this.people.user(id));
      });
    } catch (error) {
      if (!isRefusedBy(error, 'users_keep_a_superuser')) throw error;
      throw new DomainError('conflict', 'members.errors.last_superuser');
    }
  }

  private record(action: AuditAction, user: AdministeredUser, changes: AuditChanges) {
    const subject = { kind: 'user', id: user.id, name: nameOf(user) };
    return this.audit.record({ action, subject, changes, tenantId: user.tenantId });
  }
}

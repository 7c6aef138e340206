import { Injectable } from '@nestjs/common';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import { AuditTrail, differences } from '../../audit/audit-trail.service.js';
import type { Principal } from '../../core/context/principal.js';
import { isRefusedBy } from '../../core/database/database-errors.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requirePermission } from '../../core/http/access/require-permission.js';
import { localeFromLanguage } from '../../core/i18n/locales.js';
import { Mailer } from '../../core/mail/mailer.js';
import type { UserProfile } from '../../users/user-profile.entity.js';
import { MemberOptions } from '../member-options.js';
import { MembersRepository } from '../members.repository.js';
import { MembersService } from '../members.service.js';

/** An admin makes another member admin and becomes a member, in one unit of work. */
@Injectable()
export class HandOver {
  constructor(
    private readonly members: MembersService,
    private readonly rows: MembersRepository,
    private readonly options: MemberOptions,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The lock of the organisation makes two at once take turns; the trigger `keep_an_admin` holds whoever writes.
   * @param successorId profile of an active member
   * @throws DomainError `forbidden` for whoever is no admin (any more), `invalid` for anybody who cannot become one
   */
  async handOver(me: Principal, successorId: string): Promise<void> {
    requirePermission(me, 'hand_over:write');
    try {
      await this.unitOfWork.run(() => this.exchange(me, successorId));
    } catch (error) {
      if (!isRefusedBy(error, 'user_profile_keeps_an_admin')) throw error;
      // Whoever was chosen has just closed the account.
      throw new DomainError('invalid', 'members.errors.unknown', { field: 'member_id' });
    }
  }

  private async exchange(me: Principal, successorId: string): Promise<void> {
    await this.members.requireAdmin(me);
    await this.options.require('member_id', successorId);
    const successor = (await this.rows.lock(successorId))!;
    const own = (await this.rows.lock(me.profileId))!;
    const before = [successor.role, own.role];
    own.handOver(successor);
    // First the new admin: there is one at every moment.
    await this.rows.save(successor);
    await this.rows.save(own);
    await this.mail(me, successor.id);
    await this.record('member.handed_over', successor);
    for (const [index, member] of [successor, own].entries()) {
      const changes = differences({ role: before[index] }, { role: member.role });
      if (changes) await this.record('member.role_changed', member, changes);
    }
  }

  private record(
    action: 'member.handed_over' | 'member.role_changed',
    { id, displayName: name }: UserProfile,
    changes: AuditChanges | null = null,
  ): Promise<void> {
    return this.audit.record({ action, subject: { kind: 'member', id, name }, changes });
  }

  private async mail(me: Principal, successorId: string): Promise<void> {
    const { displayName, email, language } = (await this.rows.contact(successorId))!;
    const model = {
      organization: me.organization ?? '',
      from: me.displayName ?? me.email,
      to: displayName ?? email,
      url: this.mailer.link('/settings/users/'),
    };
    const locale = localeFromLanguage(language) ?? undefined;
    await this.mailer.send(email, 'handed-over-to-you', model, locale);
    await this.mailer.send(me.email, 'handed-over', model, me.locale ?? undefined);
  }
}

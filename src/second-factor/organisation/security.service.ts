import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { Principal } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { requireSeen, type SeenVersions } from '../../core/database/version.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requirePermission } from '../../core/http/access/require-permission.js';
import { localeFromLanguage } from '../../core/i18n/locales.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { Mailer } from '../../core/mail/mailer.js';
import { FactorReset } from '../../users/second-factors/factor-reset.service.js';
import {
  SecurityRepository,
  type SecuredPerson,
  type SecurityPolicy,
} from './security.repository.js';

/** What an organisation decides about second factors, and does for its people. */
@Injectable()
export class SecurityService implements OnModuleInit {
  constructor(
    private readonly security: SecurityRepository,
    private readonly factors: FactorReset,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('second_factor_reminders', ({ organization }) => this.mailAll(organization));
  }

  async overview(): Promise<SecurityPolicy & { list: SecuredPerson[] }> {
    const [policy, list] = await Promise.all([this.security.policy(), this.security.people()]);
    return { ...policy, list };
  }

  /**
   * Requires a second factor from that day on (ISO 8601), which gives people time until then; null: it is
   * optional.
   * @throws DomainError `stale`, `forbidden`
   */
  async require(me: Principal, from: string | null, seen: SeenVersions): Promise<void> {
    requirePermission(me, 'security:write');
    await this.unitOfWork.run(async () => {
      const now = await this.security.lock();
      await this.requireAdmin(me);
      requireSeen(now, seen);
      if (now.secondFactorFrom === from) return;
      await this.security.require(from);
      const subject = { kind: 'tenant', id: this.unitOfWork.tenantId, name: now.organization };
      const changes = { secondFactorFrom: { from: now.secondFactorFrom, to: from } };
      await this.audit.record({ action: 'tenant.security_changed', subject, changes });
    });
  }

  /**
   * Has everybody without a second factor mailed how to set one up, in their own language. Returns how many they
   * are now. A job writes the mails: there may be thousands, and nobody waits for them.
   */
  async remind(me: Principal): Promise<number> {
    requirePermission(me, 'security:write');
    const counts = await this.security.policy();
    await this.unitOfWork.run(() =>
      this.jobs.enqueue('second_factor_reminders', { organization: me.organization ?? '' }),
    );
    return counts.people - counts.protected;
  }

  /** In one unit of work, so that a job that is tried again mails nobody twice. */
  private async mailAll(organization: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const people = await this.security.without();
      const { secondFactorFrom: from } = await this.security.policy();
      const model = { url: this.mailer.link('/profile/second-factor/'), organization, from };
      for (const { email, language } of people) {
        const locale = localeFromLanguage(language) ?? undefined;
        await this.mailer.send(email, 'second-factor-reminder', model, locale);
      }
    });
  }

  /**
   * Resets the factors of a member who lost them. Those of an admin only staff reset: nobody takes over an
   * organisation through a colleague's account. So it is with those of staff, whose account opens the back office.
   * @throws DomainError `not_found`, `conflict` for an admin, oneself, staff, or somebody without a factor
   */
  async reset(me: Principal, profileId: string): Promise<void> {
    requirePermission(me, 'security:write');
    await this.unitOfWork.run(async () => {
      await this.security.lock();
      await this.requireAdmin(me);
      const member = await this.security.member(profileId);
      if (!member) throw new DomainError('not_found', 'errors.not_found');
      if (member.role === 'admin') {
        throw new DomainError('conflict', 'second-factor.errors.reset_admin');
      }
      if (member.isStaff) throw new DomainError('conflict', 'second-factor.errors.reset_staff');
      await this.factors.reset(member.userId);
    });
  }

  /** Whoever lost the role meanwhile is refused. */
  private async requireAdmin({ profileId }: Principal): Promise<void> {
    if (await this.security.isAdmin(profileId)) return;
    throw new DomainError('forbidden', 'errors.admins_only');
  }
}

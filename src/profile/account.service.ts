import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { nameOf } from '../audit/mask.js';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { isRefusedBy } from '../core/database/database-errors.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Departures } from '../members/departures.service.js';
import { EmailLinksService } from '../users/links/email-links.service.js';
import { Passwords } from '../users/passwords/passwords.js';
import { PasskeysService } from '../passkeys/passkeys.service.js';
import { ProfilesRepository } from '../users/profiles.repository.js';
import { SessionsRepository } from '../users/sessions/sessions.repository.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import { UsersRepository } from '../users/users.repository.js';
import { identityRole } from '../core/database/privileged/identity.role.js';

/** Export and closing of one's account (GDPR art. 15, 17 and 20). */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersRepository,
    private readonly profiles: ProfilesRepository,
    private readonly departures: Departures,
    private readonly sessionRows: SessionsRepository,
    private readonly sessions: SessionsService,
    private readonly links: EmailLinksService,
    private readonly passwords: Passwords,
    private readonly passkeys: PasskeysService,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** All data of the person, serialisable as JSON. Times in UTC (ISO 8601). */
  async export(me: Principal): Promise<Record<string, unknown>> {
    const profile = await this.profiles.shown(me.userId);
    const sessions = await this.sessions.listed(me);
    const passkeys = await this.passkeys.own(me);
    return {
      exported_at: new Date(),
      account: { email: me.email, email_verified: me.emailVerified },
      profile: {
        display_name: profile.displayName,
        language: me.locale,
        timezone: profile.timezone,
        country: profile.country,
        theme: profile.theme,
        marketing_emails: profile.marketingEmails,
        profile_completed_at: profile.profileCompletedAt,
      },
      organisation: me.tenantId ? { name: me.organization, role: me.role } : null,
      sessions: sessions.map(({ userAgent, ip, impersonator, createdAt, lastSeenAt }) => ({
        ...(impersonator ? { acted_by: impersonator } : {}),
        user_agent: userAgent,
        ip,
        created_at: createdAt,
        last_seen_at: lastSeenAt,
      })),
      passkeys: passkeys.map(({ name, isBackedUp, createdAt, lastUsedAt }) => ({
        name,
        synced: isBackedUp,
        created_at: createdAt,
        last_used_at: lastUsedAt,
      })),
    };
  }

  /**
   * Closes one's own account; nothing is deleted. Closes the organisation too when nobody else is active in
   * it.
   * @throws DomainError `invalid` for a wrong password, `conflict` for the only admin among other active
   * members and for the last superuser
   */
  async deactivate(me: Principal, password: string): Promise<void> {
    const user = await this.users.credentialsById(me.userId);
    if (!(await this.passwords.verify(password, user?.passwordHash))) {
      throw new DomainError('invalid', 'users.errors.wrong_password', { field: 'password' });
    }
    await this.leaving(async () => {
      await this.leaveOrganisation(me);
      await this.unitOfWork.runAs(identityRole, async () => {
        await this.users.deactivate(me.userId);
        await this.sessionRows.endAll(me.userId);
        await this.links.dropAll(me.userId);
      });
      const subject = { kind: 'user', id: me.userId, name: nameOf(me) };
      const { tenantId } = me;
      await this.audit.record({ action: 'account.closed', subject, tenantId });
    });
  }

  /** Records the departure in the organisation's trail when colleagues remain. */
  private async leaveOrganisation({ userId, email, tenantId }: Principal): Promise<void> {
    if (!tenantId) return;
    if (!(await this.departures.depart({ userId, email }))) return;
    const profile = await this.profiles.lockOwn(userId);
    profile.leave(new Date());
    await this.profiles.save(profile);
  }

  private async leaving(work: () => Promise<void>): Promise<void> {
    try {
      await this.unitOfWork.run(work);
    } catch (error) {
      if (isRefusedBy(error, 'users_keep_a_superuser')) {
        throw new DomainError('conflict', 'profile.errors.last_superuser');
      }
      if (!isRefusedBy(error, 'user_profile_keeps_an_admin')) throw error;
      throw new DomainError('conflict', 'members.errors.last_admin');
    }
  }
}

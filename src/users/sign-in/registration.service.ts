import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { SessionFlags } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { EmailLinksService } from '../links/email-links.service.js';
import { PasswordService } from '../passwords/password.service.js';
import { Passwords } from '../passwords/passwords.js';
import { ProfilesRepository } from '../profiles.repository.js';
import type { ClientInfo } from '../sessions/sessions.service.js';
import { displayNameFrom } from '../user-profile.entity.js';
import { UsersRepository } from '../users.repository.js';
import { SessionOpening } from './session-opening.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

export interface Registration {
  email: string;
  password: string;
  /** Hints of the browser (time zone, language, country), used as suggestions only. */
  hints?: SessionFlags['hints'];
}

@Injectable()
export class RegistrationService {
  constructor(
    private readonly users: UsersRepository,
    private readonly profiles: ProfilesRepository,
    private readonly passwords: Passwords,
    private readonly opening: SessionOpening,
    private readonly links: EmailLinksService,
    private readonly resets: PasswordService,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Creates user, profile and session in one transaction and mails a verification link. Returns the session's
   * token.
   * @throws DomainError when the address is taken or the password is refused
   */
  async register(
    { email, password, hints }: Registration,
    client: ClientInfo,
    kind: 'browser' | 'api' = 'browser',
  ): Promise<string> {
    await this.passwords.require(password, { email }, 'password');
    const hash = await this.passwords.hash(password);
    const token = await this.unitOfWork.runAs(identityRole, async () => {
      const userId = await this.users.add(email, hash);
      if (!userId) return null;
      await this.profiles.addFor(userId, email);
      const token = await this.opening.openNew(userId, kind, client, hints ? { hints } : {});
      await this.links.sendVerification(userId, email);
      const actor = { id: userId, name: displayNameFrom(email) };
      const subject = { kind: 'user', ...actor };
      await this.audit.record({ action: 'account.created', subject, actor, tenantId: null });
      return token;
    });
    if (token) return token;
    await this.resets.registrationRefused(email);
    throw new DomainError('conflict', 'users.errors.email_taken', { field: 'email' });
  }
}

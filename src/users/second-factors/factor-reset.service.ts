import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { nameOf } from '../../audit/mask.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Mailer } from '../../core/mail/mailer.js';
import { NoticeLinks } from '../links/notice-links.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { UsersRepository } from '../users.repository.js';
import { SecondFactors } from './second-factors.js';

/**
 * Removes the second factors of somebody who has lost them (ASVS 6.4.4). Who may ask for it is the caller's to
 * decide; the password stays what it is.
 */
@Injectable()
export class FactorReset {
  constructor(
    private readonly users: UsersRepository,
    private readonly factors: SecondFactors,
    private readonly sessions: SessionsRepository,
    private readonly notices: NoticeLinks,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Removes all factors and recovery codes, ends every session and tells the person.
   * @throws DomainError `not_found`, `conflict` where there is no factor
   */
  async reset(userId: string): Promise<void> {
    await this.unitOfWork.runAs(identityRole, async () => {
      await this.users.lock(userId);
      const user = await this.users.credentialsById(userId);
      if (!user) throw new DomainError('not_found', 'errors.not_found');
      const removed = await this.factors.removeAll(userId);
      if (removed.length === 0) throw new DomainError('conflict', 'users.errors.no_factors');
      const ended = await this.sessions.endAll(userId);
      const link = await this.notices.issue(user);
      await this.mailer.send(user.email, 'second-factor-reset', { ...link });
      const subject = { kind: 'user', id: user.id, name: nameOf(user) };
      const changes = ended > 0 ? { sessions: { from: ended, to: 0 } } : null;
      const { tenantId } = user;
      await this.audit.record({ action: 'second_factor.reset', subject, changes, tenantId });
    });
  }

  /** Like `reset`, by e-mail address, for the operator's command. @throws DomainError `not_found`, `conflict` */
  async resetByEmail(email: string): Promise<void> {
    const user = await this.users.credentialsByEmail(email);
    if (!user) throw new DomainError('not_found', 'errors.not_found');
    await this.reset(user.id);
  }
}

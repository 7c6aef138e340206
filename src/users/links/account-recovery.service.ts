import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import { mask, nameOf } from '../../audit/mask.js';
import { isDuplicate } from '../../core/database/database-errors.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { SecondFactors } from '../second-factors/second-factors.js';
import { OwnershipService } from './ownership.service.js';
import { PasswordService } from '../passwords/password.service.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { hashToken, looksLikeToken } from '../access-tokens/tokens.js';
import { UserTokensRepository } from './user-tokens.repository.js';
import { UsersRepository, type Credentials } from '../users.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** Result of "this was not me". */
export interface Recovery {
  /** The address the notice was sent to, which its reader has verified. */
  email: string;
  /** False: another account has the address by now, so no reset link was mailed. */
  isMailed: boolean;
}

/** Account recovery by the link of a notice. */
@Injectable()
export class AccountRecoveryService {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: UserTokensRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: PasswordService,
    private readonly ownership: OwnershipService,
    private readonly factors: SecondFactors,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The address that a notice was sent to; null for an invalid link. Changes nothing. */
  async noticeOf(token: string): Promise<string | null> {
    if (!looksLikeToken(token)) return null;
    const link = await this.tokens.find('not_me', hashToken(token));
    return link?.sentTo ?? null;
  }

  /**
   * "This was not me": cancels pending changes, ends every session, invalidates the password, restores the
   * address of the notice and mails a reset link to it. Second factors that were added since the oldest notice
   * that can still be used are removed, whichever of the notices is opened: an intruder's actions cause several.
   * @throws DomainError `gone` for an invalid link
   */
  async disown(token: string): Promise<Recovery> {
    if (!looksLikeToken(token)) throw invalidLink();
    return this.unitOfWork.runAs(identityRole, async () => {
      const used = await this.tokens.use('not_me', hashToken(token));
      const user = used && (await this.users.credentialsById(used.userId));
      if (!used || !user) throw invalidLink();
      const isOwn = await this.takeBack(user, used.email);
      await this.users.setPassword(user.id, null);
      const ended = await this.sessions.endAll(user.id);
      await this.factors.removeAll(user.id, await this.tokens.oldestNotice(used));
      await this.tokens.dropAll(user.id);
      await this.tokens.dropNotices(user.id, used.id);
      if (isOwn) await this.passwords.mailResetLink(user.id, used.email);
      await this.record(user, isOwn ? used.email : user.email, ended);
      return { email: used.email, isMailed: isOwn };
    });
  }

  /** Restores the address; false when another account has it by now. */
  private async takeBack(user: Credentials, email: string): Promise<boolean> {
    if (user.email === email) return true;
    const holder = await this.users.credentialsByEmail(email);
    if (holder && !holder.isProven) await this.ownership.release(holder.id, email);
    try {
      await this.unitOfWork.attempt(() => this.users.changeEmail(user.id, email));
      return true;
    } catch (error) {
      if (isDuplicate(error, 'uq_users_email')) return false;
      throw error;
    }
  }

  private async record(user: Credentials, email: string, ended: number): Promise<void> {
    const actor = { id: user.id, name: nameOf(user) };
    const changes: AuditChanges = {
      ...(ended > 0 ? { sessions: { from: ended, to: 0 } } : {}),
      ...(email === user.email ? {} : { email: { from: mask(user.email), to: mask(email) } }),
    };
    const subject = { kind: 'user', ...actor };
    const { tenantId } = user;
    await this.audit.record({ action: 'account.secured', subject, changes, actor, tenantId });
  }
}

function invalidLink(): DomainError {
  return new DomainError('gone', 'users.errors.invalid_link');
}

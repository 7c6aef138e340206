import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../audit/audit-actions.js';
import type { AuditChanges } from '../audit/audit-entry.entity.js';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { mask, nameOf } from '../audit/mask.js';
import type { Principal } from '../core/context/principal.js';
import { isDuplicate } from '../core/database/database-errors.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Mailer } from '../core/mail/mailer.js';
import { Passwords } from './passwords.js';
import { hashToken, looksLikeToken, newToken } from './tokens.js';
import { UserTokensRepository } from './user-tokens.repository.js';
import { UsersRepository, type Credentials } from './users.repository.js';

const VERIFICATION_HOURS = 72;
const CHANGE_HOURS = 24;

/** Proof that somebody reads an address: verification of the first one, and change to another. */
@Injectable()
export class EmailLinksService {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: UserTokensRepository,
    private readonly passwords: Passwords,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async sendVerification(userId: string, email: string): Promise<void> {
    const { token, hash } = newToken();
    await this.unitOfWork.through('identity', async () => {
      const link = { hash, email, hours: VERIFICATION_HOURS };
      await this.tokens.replace(userId, 'email_verification', link);
      const url = this.mailer.link(`/email/verify/${token}/`);
      await this.mailer.send(email, 'verify-email', { url, hours: VERIFICATION_HOURS });
    });
  }

  /** @throws DomainError `gone` when the link opens nothing (any more) */
  async verify(token: string): Promise<void> {
    if (!looksLikeToken(token)) throw invalidLink();
    await this.unitOfWork.through('identity', async () => {
      const used = await this.tokens.use('email_verification', hashToken(token));
      const user = used && (await this.users.credentialsById(used.userId));
      if (!user || !(await this.users.markVerified(user.id, used.email))) throw invalidLink();
      await this.record('email.verified', user);
    });
  }

  /** Mails a link to the new address and tells the old one; until the link is opened nothing changes. */
  async requestChange(me: Principal, email: string, password: string): Promise<void> {
    const user = await this.users.credentialsById(me.userId);
    if (!(await this.passwords.verify(password, user?.passwordHash))) {
      throw new DomainError('invalid', 'profile.errors.wrong_password', { field: 'password' });
    }
    if (email === me.email) {
      throw new DomainError('invalid', 'profile.errors.same_email', { field: 'email' });
    }
    if (await this.users.credentialsByEmail(email)) {
      throw new DomainError('conflict', 'auth.errors.email_taken', { field: 'email' });
    }
    await this.unitOfWork.through('identity', async () => {
      await this.sendChange(me.userId, email);
      await this.mailer.send(me.email, 'email-change-notice', { email });
    });
  }

  /**
   * Mails a new link to the address that waits, and the older one dies. Resolves with that address, or
   * with null when none waits (any more): the change was cancelled, is too old, or somebody else took it.
   */
  async resendChange(me: Principal): Promise<string | null> {
    return this.unitOfWork.through('identity', async () => {
      const email = await this.tokens.waiting(me.userId, 'email_change');
      if (!email) return null;
      if (await this.users.credentialsByEmail(email)) {
        await this.tokens.drop(me.userId, 'email_change');
        return null;
      }
      await this.sendChange(me.userId, email);
      return email;
    });
  }

  /** The address stays as it is, and the link that was sent opens nothing any more. */
  async cancelChange(me: Principal): Promise<void> {
    await this.unitOfWork.through('identity', () => this.tokens.drop(me.userId, 'email_change'));
  }

  private async sendChange(userId: string, email: string): Promise<void> {
    const { token, hash } = newToken();
    await this.tokens.replace(userId, 'email_change', { hash, email, hours: CHANGE_HOURS });
    const url = this.mailer.link(`/email/change/${token}/`);
    await this.mailer.send(email, 'email-change-confirm', { url, email, hours: CHANGE_HOURS });
  }

  /** The link in the new address was opened: it counts from now on, and the old one is told. */
  async confirmChange(token: string): Promise<string> {
    if (!looksLikeToken(token)) throw invalidLink();
    return this.unitOfWork.through('identity', async () => {
      const used = await this.tokens.use('email_change', hashToken(token));
      const user = used && (await this.users.credentialsById(used.userId));
      if (!used || !user?.isActive) throw invalidLink();
      await this.take(user.id, used.email);
      await this.tokens.drop(user.id, 'password_reset');
      await this.tokens.drop(user.id, 'email_verification');
      await this.mailer.send(user.email, 'email-changed', { email: used.email });
      const email = { from: mask(user.email), to: mask(used.email) };
      await this.record('email.changed', user, { email });
      return used.email;
    });
  }

  /**
   * In a unit of work: the operator sets somebody's address right. Links sent to the old one die, it is
   * told, and the new one gets a link to confirm it with. @throws DomainError `conflict` when it is taken
   */
  async correct(user: { id: string; email: string }, email: string): Promise<void> {
    await this.unitOfWork.through('identity', async () => {
      try {
        await this.users.correctEmail(user.id, email);
      } catch (error) {
        if (!isDuplicate(error, 'uq_users_email')) throw error;
        throw new DomainError('conflict', 'auth.errors.email_taken', { field: 'email' });
      }
      await this.tokens.drop(user.id, 'password_reset');
      await this.tokens.drop(user.id, 'email_change');
      await this.mailer.send(user.email, 'email-changed', { email });
      await this.sendVerification(user.id, email);
    });
  }

  /** Whoever holds the link acts as its owner, signed in or not. */
  private async record(action: AuditAction, user: Credentials, changes?: AuditChanges) {
    const actor = { id: user.id, name: nameOf(user) };
    const subject = { kind: 'user', ...actor };
    await this.audit.record({ action, subject, changes, actor, tenantId: user.tenantId });
  }

  private async take(userId: string, email: string): Promise<void> {
    try {
      await this.users.changeEmail(userId, email);
    } catch (error) {
      if (isDuplicate(error, 'uq_users_email')) throw invalidLink();
      throw error;
    }
  }
}

function invalidLink(): DomainError {
  return new DomainError('gone', 'auth.errors.invalid_link');
}

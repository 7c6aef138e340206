import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../../core/features/names.js';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { mask, nameOf } from '../../audit/mask.js';
import type { Principal } from '../../core/context/principal.js';
import { isDuplicate } from '../../core/database/database-errors.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Mailer } from '../../core/mail/mailer.js';
import { NoticeLinks } from './notice-links.js';
import { Passwords } from '../passwords/passwords.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { hashToken, looksLikeToken, newToken } from '../access-tokens/tokens.js';
import { UserTokensRepository, type LiveLink } from './user-tokens.repository.js';
import { UsersRepository, type Credentials } from '../users.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

const VERIFICATION_HOURS = 72;
const CHANGE_HOURS = 24;

export type EmailLinkPurpose = 'email_verification' | 'email_change';

/** Verification of the first e-mail address, and change to another one. */
@Injectable()
export class EmailLinksService {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: UserTokensRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly notices: NoticeLinks,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async sendVerification(userId: string, email: string): Promise<void> {
    const { token, hash } = newToken();
    await this.unitOfWork.runAs(identityRole, async () => {
      await this.users.lock(userId);
      const link = { hash, email, hours: VERIFICATION_HOURS };
      await this.tokens.replace(userId, 'email_verification', link);
      const url = this.mailer.link(`/email/verify/${token}/`);
      await this.mailer.send(email, 'verify-email', { url, hours: VERIFICATION_HOURS });
    });
  }

  /** The account of a valid link; null otherwise. Changes nothing. */
  async inspect(purpose: EmailLinkPurpose, token: string): Promise<LiveLink | null> {
    return looksLikeToken(token) ? this.tokens.find(purpose, hashToken(token)) : null;
  }

  /**
   * Verifies an address. The link proves access to the mailbox, the session that to the account; both are
   * required, as a stranger's account must not be verified by its victim's click.
   * @throws DomainError `gone` for an invalid link, `forbidden` for other people
   */
  async verify(token: string, me: Pick<Principal, 'userId'> | null): Promise<void> {
    await this.unitOfWork.runAs(identityRole, async () => {
      const used = await this.use('email_verification', token, me);
      const user = await this.users.credentialsById(used.userId);
      if (!user || !(await this.users.markVerified(user.id, used.email))) throw invalidLink();
      await this.record('email.verified', user);
    });
  }

  /** Mails a link to the new address and a notice to the old one; changes nothing until the link is used. */
  async requestChange(me: Principal, email: string, password: string): Promise<void> {
    const user = await this.users.credentialsById(me.userId);
    const hash = user?.passwordHash;
    if (!hash || !(await this.passwords.verify(password, hash))) throw wrongPassword();
    if (email === me.email) {
      throw new DomainError('invalid', 'users.errors.same_email', { field: 'email' });
    }
    if (await this.users.credentialsByEmail(email)) {
      throw new DomainError('conflict', 'users.errors.email_taken', { field: 'email' });
    }
    await this.unitOfWork.runAs(identityRole, async () => {
      // The password may have changed during the check, which invalidates it.
      if (!(await this.users.lockWithPassword(me.userId, hash))) throw wrongPassword();
      await this.sendChange(me.userId, email);
      const link = await this.notices.issue(user);
      await this.mailer.send(me.email, 'email-change-notice', { email, ...link });
    });
  }

  /**
   * Mails a new link to the pending address and invalidates the old one. Returns that address, or null when
   * none is pending (cancelled, expired, or taken by another account).
   */
  async resendChange(me: Principal): Promise<string | null> {
    return this.unitOfWork.runAs(identityRole, async () => {
      await this.users.lock(me.userId);
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

  /** Cancels the pending change and its link. */
  async cancelChange(me: Principal): Promise<void> {
    await this.unitOfWork.runAs(identityRole, async () => {
      await this.users.lock(me.userId);
      await this.tokens.drop(me.userId, 'email_change');
    });
  }

  private async sendChange(userId: string, email: string): Promise<void> {
    const { token, hash } = newToken();
    await this.tokens.replace(userId, 'email_change', { hash, email, hours: CHANGE_HOURS });
    const url = this.mailer.link(`/email/change/${token}/`);
    await this.mailer.send(email, 'email-change-confirm', { url, email, hours: CHANGE_HOURS });
  }

  /**
   * Changes the address, notifies the old one and ends every other session.
   * @throws DomainError as `verify`
   */
  async confirmChange(
    token: string,
    me: Pick<Principal, 'userId' | 'sessionId'> | null,
  ): Promise<string> {
    return this.unitOfWork.runAs(identityRole, async () => {
      const used = await this.use('email_change', token, me);
      const user = await this.users.credentialsById(used.userId);
      if (!user) throw invalidLink();
      await this.take(user.id, used.email);
      const ended = await this.sessions.endAll(user.id, me?.sessionId);
      await this.tokens.dropAll(user.id);
      const link = user.emailVerified ? await this.notices.issue(user) : {};
      await this.mailer.send(user.email, 'email-changed', { email: used.email, ...link });
      await this.record('email.changed', user, {
        email: { from: mask(user.email), to: mask(used.email) },
        ...(ended > 0 ? { sessions: { from: ended, to: 0 } } : {}),
      });
      return used.email;
    });
  }

  /**
   * Within a unit of work: staff correct an address. Invalidates links sent to the old one, those of notices
   * included, notifies it, ends every session and mails a verification link to the new one.
   * @throws DomainError `conflict` when it is taken
   */
  async correct(user: { id: string; email: string }, email: string): Promise<void> {
    await this.unitOfWork.runAs(identityRole, async () => {
      try {
        await this.users.correctEmail(user.id, email);
      } catch (error) {
        if (!isDuplicate(error, 'uq_users_email')) throw error;
        throw new DomainError('conflict', 'users.errors.email_taken', { field: 'email' });
      }
      await this.sessions.endAll(user.id);
      await this.tokens.dropAll(user.id);
      await this.tokens.dropNotices(user.id);
      await this.mailer.send(user.email, 'email-changed', { email });
      await this.sendVerification(user.id, email);
    });
  }

  /** Within a unit of work: invalidates all links of a closed account. */
  async dropAll(userId: string): Promise<void> {
    await this.unitOfWork.runAs(identityRole, async () => {
      await this.tokens.dropAll(userId);
      await this.tokens.dropNotices(userId);
    });
  }

  private async use(
    purpose: EmailLinkPurpose,
    token: string,
    me: Pick<Principal, 'userId'> | null,
  ): Promise<{ userId: string; email: string }> {
    const used = looksLikeToken(token) && (await this.tokens.use(purpose, hashToken(token)));
    if (!used) throw invalidLink();
    if (used.userId !== me?.userId) {
      throw new DomainError('forbidden', 'users.errors.link_of_other');
    }
    return used;
  }

  private async record(
    action: AuditAction,
    user: Credentials,
    changes: AuditChanges | null = null,
  ) {
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

function wrongPassword(): DomainError {
  return new DomainError('invalid', 'users.errors.wrong_password', { field: 'password' });
}

function invalidLink(): DomainError {
  return new DomainError('gone', 'users.errors.invalid_link');
}

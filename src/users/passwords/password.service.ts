import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AuditAction } from '../../core/features/names.js';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { nameOf } from '../../audit/mask.js';
import type { Principal } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { RateLimiter } from '../../core/http/security/rate-limiter.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { Mailer } from '../../core/mail/mailer.js';
import { NoticeLinks } from '../links/notice-links.js';
import { OwnershipService, type Claimed } from '../links/ownership.service.js';
import { Passwords } from './passwords.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { hashToken, looksLikeToken, newToken } from '../access-tokens/tokens.js';
import { UserTokensRepository } from '../links/user-tokens.repository.js';
import { UsersRepository, type Credentials } from '../users.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

const RESET_HOURS = 1;

export interface Reset {
  /** The address the link was mailed to. */
  email: string;
  /** What was ended because nobody had proven the account before; null where somebody had. */
  claimed: Claimed | null;
}

/** Changing a password: by knowing the old one, or by reading one's mail. */
@Injectable()
export class PasswordService implements OnModuleInit {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: UserTokensRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly notices: NoticeLinks,
    private readonly ownership: OwnershipService,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly audit: AuditTrail,
    private readonly limiter: RateLimiter,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('password_reset', ({ email, isRegistration }) =>
      isRegistration ? this.offerClaim(email) : this.sendResetLink(email),
    );
  }

  /**
   * Asks for a reset link. Whether there is such an account is looked up later, by a job: the
   * answer is the same and takes as long either way.
   */
  async requestReset(email: string): Promise<void> {
    await this.unitOfWork.runAs(identityRole, () => this.jobs.enqueue('password_reset', { email }));
  }

  /**
   * Somebody wanted to register an address that has an account. Where that never proved it, its owner
   * gets a link to take it over; which is the case is looked up later, so the answer is the same.
   */
  async registrationRefused(email: string): Promise<void> {
    const job = { email, isRegistration: true };
    await this.unitOfWork.runAs(identityRole, () => this.jobs.enqueue('password_reset', job));
  }

  async isResetLink(token: string): Promise<boolean> {
    return (
      looksLikeToken(token) && (await this.tokens.find('password_reset', hashToken(token))) !== null
    );
  }

  /**
   * Sets a new password and ends every session. Who resets an account that never proved its address takes
   * it over. @throws DomainError `gone` for a used or old link
   */
  async reset(token: string, password: string): Promise<Reset> {
    const hash = looksLikeToken(token) ? hashToken(token) : null;
    const holder = hash && (await this.tokens.find('password_reset', hash));
    if (!holder) throw new DomainError('gone', 'auth.errors.invalid_link');
    this.passwords.require(password, holder.email, 'password');
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.runAs(identityRole, async () => {
      const used = await this.tokens.use('password_reset', hash);
      if (!used) throw new DomainError('gone', 'auth.errors.invalid_link');
      const before = await this.users.credentialsById(used.userId);
      if (!before) throw new DomainError('gone', 'auth.errors.invalid_link');
      // The link was mailed: whoever holds it reads the address.
      const emailVerified = await this.users.markVerified(before.id, used.email);
      const user = { ...before, emailVerified };
      const ended = await this.set(user, passwordHash, null);
      await this.record('password.reset', user, ended);
      const claimed = before.isProven ? null : await this.ownership.claim(user);
      return { email: used.email, claimed };
    });
  }

  /**
   * Returns the new token of the browser's session, whose old one dies (ASVS 7.2.4); null for a session of
   * the API, where each refresh renews it.
   * @throws DomainError `invalid` when the current password is wrong or the new one no good
   */
  async change(me: Principal, current: string, password: string): Promise<string | null> {
    const user = await this.users.credentialsById(me.userId);
    const hash = user?.passwordHash;
    if (!hash || !(await this.passwords.verify(current, hash))) throw wrongPassword();
    this.passwords.require(password, me.email, 'new_password', me.organization);
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.runAs(identityRole, async () => {
      // Hashing took a while: a reset meanwhile must not be undone by whoever knew the old password.
      if (!(await this.users.lockWithPassword(me.userId, hash))) throw wrongPassword();
      const ended = await this.set(user, passwordHash, me.sessionId);
      await this.record('password.changed', user, ended);
      const next = newToken();
      return (await this.sessions.renewToken(me.sessionId, next.hash)) ? next.token : null;
    });
  }

  /** In a unit of work as the role identity: mails a link to a new password. */
  async mailResetLink(
    userId: string,
    email: string,
    template: 'password-reset' | 'account-exists' = 'password-reset',
  ): Promise<void> {
    const { token, hash } = newToken();
    await this.users.lock(userId);
    await this.tokens.replace(userId, 'password_reset', { hash, email, hours: RESET_HOURS });
    const url = this.mailer.link(`/password-reset/confirm/${token}/`);
    await this.mailer.send(email, template, { url, hours: RESET_HOURS });
  }

  /** Whoever knew the old password is out: every session but `keep` ends, every mailed link dies. */
  private async set(user: Credentials, hash: string, keep: string | null): Promise<number> {
    await this.users.setPassword(user.id, hash);
    const ended = await this.sessions.endAll(user.id, keep);
    await this.tokens.dropAll(user.id);
    const link = await this.notices.issue(user);
    await this.mailer.send(user.email, 'password-changed', { ...link });
    return ended;
  }

  private async record(action: AuditAction, user: Credentials, endedSessions: number) {
    const actor = { id: user.id, name: nameOf(user) };
    const subject = { kind: 'user', ...actor };
    const changes = endedSessions > 0 ? { sessions: { from: endedSessions, to: 0 } } : null;
    await this.audit.record({ action, subject, changes, actor, tenantId: user.tenantId });
  }

  private async sendResetLink(email: string): Promise<void> {
    const user = await this.users.credentialsByEmail(email);
    if (!user?.isActive) return;
    // Strangers may ask as well: beyond the limit no mail is sent, and the latest link goes on working.
    if (!(await this.limiter.mayMail('reset_mail', user.email))) return;
    await this.unitOfWork.runAs(identityRole, () => this.mailResetLink(user.id, user.email));
  }

  /** A link that waits already is left to live: registering again must not take it away. */
  private async offerClaim(email: string): Promise<void> {
    const user = await this.users.credentialsByEmail(email);
    if (!user?.isActive || user.isProven) return;
    if (!(await this.limiter.mayMail('reset_mail', user.email))) return;
    await this.unitOfWork.runAs(identityRole, async () => {
      if (await this.tokens.waiting(user.id, 'password_reset')) return;
      await this.mailResetLink(user.id, user.email, 'account-exists');
    });
  }
}

function wrongPassword(): DomainError {
  return new DomainError('invalid', 'profile.errors.wrong_password', { field: 'current_password' });
}

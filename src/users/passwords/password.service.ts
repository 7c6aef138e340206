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
import { SecondFactors } from '../second-factors/second-factors.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { hashToken, looksLikeToken, newToken } from '../access-tokens/tokens.js';
import { UserTokensRepository } from '../links/user-tokens.repository.js';
import { UsersRepository, type Credentials } from '../users.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

const RESET_HOURS = 1;

export interface Reset {
  /** The address that the link was mailed to. */
  email: string;
  /** What was revoked because the account was unverified; null when it was verified. */
  claimed: Claimed | null;
}

/** Password changes, by the current password or a mailed link. */
@Injectable()
export class PasswordService implements OnModuleInit {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: UserTokensRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly notices: NoticeLinks,
    private readonly ownership: OwnershipService,
    private readonly factors: SecondFactors,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly audit: AuditTrail,
    private readonly limiter: RateLimiter,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(
      'password_reset',
      ({ email, isRegistration }) =>
        isRegistration ? this.offerClaim(email) : this.sendResetLink(email),
      { worksClosed: true },
    );
  }

  /**
   * Requests a reset link. A job looks the account up, so the response takes equally long for every address.
   */
  async requestReset(email: string): Promise<void> {
    await this.unitOfWork.runAs(identityRole, () => this.jobs.enqueue('password_reset', { email }));
  }

  /**
   * Called when the address of a registration is taken. An unverified account's owner gets a link to take it
   * over; a job looks that up, so the response is the same.
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
   * Sets a new password and ends every session. Takes over the account when it was unverified, and removes its
   * second factors: they are those of whoever registered the address.
   * @throws DomainError `gone` for a used or expired link
   */
  async reset(token: string, password: string): Promise<Reset> {
    const hash = looksLikeToken(token) ? hashToken(token) : null;
    const holder = hash && (await this.tokens.find('password_reset', hash));
    if (!holder) throw new DomainError('gone', 'users.errors.invalid_link');
    const { email, userId, isProven } = holder;
    const { secondFactors = [] } = (await this.users.credentialsById(userId)) ?? {};
    const owner = { email, hasSecondFactor: isProven && secondFactors.length > 0 };
    await this.passwords.require(password, owner, 'password');
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.runAs(identityRole, async () => {
      const used = await this.tokens.use('password_reset', hash);
      if (!used) throw new DomainError('gone', 'users.errors.invalid_link');
      const before = await this.users.credentialsById(used.userId);
      if (!before) throw new DomainError('gone', 'users.errors.invalid_link');
      // Using the mailed link verifies the address.
      const emailVerified = await this.users.markVerified(before.id, used.email);
      const user = { ...before, emailVerified };
      const ended = await this.set(user, passwordHash, null);
      await this.record('password.reset', user, ended);
      const claimed = before.isProven ? null : await this.claim(user);
      return { email: used.email, claimed };
    });
  }

  /** Nothing that whoever registered the address has set up stays. */
  private async claim(user: Credentials): Promise<Claimed> {
    const removed = await this.factors.removeAll(user.id);
    if (removed.length > 0) await this.record('second_factor.reset', user, 0);
    return this.ownership.claim(user);
  }

  /**
   * Returns the new token of the browser's session (ASVS 7.2.4); null for an API session, whose token changes
   * with each refresh.
   * @throws DomainError `invalid` when the current password is wrong or the new one is refused
   */
  async change(me: Principal, current: string, password: string): Promise<string | null> {
    const user = await this.users.credentialsById(me.userId);
    const hash = user?.passwordHash;
    if (!hash || !(await this.passwords.verify(current, hash))) throw wrongPassword();
    const hasSecondFactor = me.secondFactors.length > 0;
    await this.passwords.require(password, { ...me, hasSecondFactor }, 'new_password');
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.runAs(identityRole, async () => {
      // The password may have been reset during hashing, which must not be undone.
      if (!(await this.users.lockWithPassword(me.userId, hash))) throw wrongPassword();
      const ended = await this.set(user, passwordHash, me.sessionId);
      const token = await this.sessions.renewToken(me.sessionId);
      await this.record('password.changed', user, ended);
      return token;
    });
  }

  /** Within a unit of work as the identity role: mails a reset link. */
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

  /** Sets the password, ends every session but `keep` and deletes every mailed link. */
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
    // Beyond the limit no mail is sent, and the latest link stays valid, as strangers may request links too.
    if (!(await this.limiter.mayMail('reset_mail', user.email))) return;
    await this.unitOfWork.runAs(identityRole, () => this.mailResetLink(user.id, user.email));
  }

  /** Keeps a valid link, so that registering again does not invalidate it. */
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
  return new DomainError('invalid', 'users.errors.wrong_password', { field: 'current_password' });
}

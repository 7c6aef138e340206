import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { AuditAction } from '../audit/audit-actions.js';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { nameOf } from '../audit/mask.js';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import { RateLimiter } from '../core/http/rate-limiter.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import { Mailer } from '../core/mail/mailer.js';
import { Passwords } from './passwords.js';
import { SessionsRepository } from './sessions.repository.js';
import { hashToken, looksLikeToken, newToken } from './tokens.js';
import { UserTokensRepository } from './user-tokens.repository.js';
import { UsersRepository, type Credentials } from './users.repository.js';

const RESET_HOURS = 1;

/** Changing a password: by knowing the old one, or by reading one's mail. */
@Injectable()
export class PasswordService implements OnModuleInit {
  constructor(
    private readonly users: UsersRepository,
    private readonly tokens: UserTokensRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: Passwords,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly audit: AuditTrail,
    private readonly limiter: RateLimiter,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('password_reset', ({ email }) => this.sendResetLink(email));
  }

  /**
   * Asks for a reset link. Whether there is such an account is looked up later, by a job: the
   * answer is the same and takes as long either way.
   */
  async requestReset(email: string): Promise<void> {
    await this.unitOfWork.through('identity', () => this.jobs.enqueue('password_reset', { email }));
  }

  async isResetLink(token: string): Promise<boolean> {
    return (
      looksLikeToken(token) && (await this.tokens.find('password_reset', hashToken(token))) !== null
    );
  }

  /**
   * Sets a new password and ends every session. Returns the address the link was mailed to.
   * @throws DomainError `gone` for a used or old link
   */
  async reset(token: string, password: string): Promise<string> {
    const hash = looksLikeToken(token) ? hashToken(token) : null;
    const holder = hash && (await this.tokens.find('password_reset', hash));
    if (!holder) throw new DomainError('gone', 'auth.errors.invalid_link');
    this.passwords.require(password, holder.email, 'password');
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.through('identity', async () => {
      const used = await this.tokens.use('password_reset', hash);
      if (!used) throw new DomainError('gone', 'auth.errors.invalid_link');
      const user = await this.users.credentialsById(used.userId);
      if (!user) throw new DomainError('gone', 'auth.errors.invalid_link');
      const ended = await this.set(user, passwordHash, null);
      await this.users.markVerified(user.id, used.email);
      await this.record('password.reset', user, ended);
      return used.email;
    });
  }

  /** @throws DomainError `invalid` when the current password is wrong or the new one no good */
  async change(me: Principal, current: string, password: string): Promise<void> {
    const user = await this.users.credentialsById(me.userId);
    if (!user || !(await this.passwords.verify(current, user.passwordHash))) {
      throw new DomainError('invalid', 'profile.errors.wrong_password', {
        field: 'current_password',
      });
    }
    this.passwords.require(password, me.email, 'new_password');
    const passwordHash = await this.passwords.hash(password);
    await this.unitOfWork.through('identity', async () => {
      const ended = await this.set(user, passwordHash, me.sessionId);
      await this.record('password.changed', user, ended);
    });
  }

  /** Whoever knew the old password is out: every session but `keep` ends, mailed links die. */
  private async set({ id, email }: Credentials, hash: string, keep: string | null) {
    await this.users.setPassword(id, hash);
    const ended = await this.sessions.endAll(id, keep);
    await this.tokens.drop(id, 'password_reset');
    await this.mailer.send(email, 'password-changed', {
      url: this.mailer.link('/password-reset/'),
    });
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
    const { token, hash } = newToken();
    await this.unitOfWork.through('identity', async () => {
      const link = { hash, email: user.email, hours: RESET_HOURS };
      await this.tokens.replace(user.id, 'password_reset', link);
      const url = this.mailer.link(`/password-reset/confirm/${token}/`);
      await this.mailer.send(user.email, 'password-reset', { url, hours: RESET_HOURS });
    });
  }
}

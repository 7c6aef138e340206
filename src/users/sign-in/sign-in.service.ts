import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { mask, nameOf } from '../../audit/mask.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { SecurityEvents } from '../../core/telemetry/security-events.js';
import { Passwords } from '../passwords/passwords.js';
import { SessionsService, type ClientInfo } from '../sessions/sessions.service.js';
import { UsersRepository, type Credentials } from '../users.repository.js';
import { auditRole } from '../../core/database/privileged/audit.role.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** Somebody who has shown the password of an account. */
export interface Checked {
  user: Credentials;
  hash: string;
  /** Where the stored one cost too little. */
  newHash: string | null;
}

@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
    private readonly security: SecurityEvents,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Returns the token of a new session. Unknown address, wrong password and deactivated account get
   * the same answer after the same time. @throws DomainError `unauthenticated`
   */
  async signIn(
    { email, password }: { email: string; password: string },
    client: ClientInfo,
    kind: 'browser' | 'api' = 'browser',
  ): Promise<string> {
    const checked = await this.check({ email, password });
    const token = await this.begin(checked, client, kind);
    return token ?? this.refuse(email, checked.user);
  }

  /** Whose password this is, without signing them in. @throws DomainError `unauthenticated` */
  async check({ email, password }: { email: string; password: string }): Promise<Checked> {
    const user = await this.users.credentialsByEmail(email);
    const matches = await this.passwords.verify(password, user?.passwordHash);
    const hash = user?.passwordHash;
    if (!user?.isActive || !hash || !matches) return this.refuse(email, user);
    const newHash = this.passwords.isOutdated(hash) ? await this.passwords.hash(password) : null;
    return { user, hash, newHash };
  }

  /**
   * Returns the token of a new session of whoever was checked, as part of an open unit of work or on its
   * own; null when the account was closed or its password changed meanwhile.
   */
  async begin(
    { user, hash, newHash }: Checked,
    client: ClientInfo,
    kind: 'browser' | 'api',
  ): Promise<string | null> {
    return this.unitOfWork.runAs(identityRole, async () => {
      // Checking took a while: a reset meanwhile must neither be undone nor be survived.
      if (!(await this.users.signedIn(user.id, hash, newHash))) return null;
      const started = await this.sessions.start(user.id, kind, client);
      const actor = { id: user.id, name: nameOf(user) };
      const subject = { kind: 'user', ...actor };
      const { tenantId } = user;
      await this.audit.record({ action: 'sign_in.succeeded', subject, actor, tenantId });
      return started;
    });
  }

  /** What is recorded costs the same whether or not somebody has that address. */
  private async refuse(email: string, user: Credentials | null): Promise<never> {
    const subject = { kind: 'user', id: user?.id ?? null, name: mask(email) };
    const tenantId = user?.tenantId ?? null;
    await this.unitOfWork.runAs(auditRole, () =>
      this.audit.record({ action: 'sign_in.failed', subject, tenantId }),
    );
    // The trail records only so many an hour where there is no account; the counter counts them all.
    this.security.note('sign_in_failed');
    throw new DomainError('unauthenticated', 'auth.errors.wrong_credentials');
  }
}

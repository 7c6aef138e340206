import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { mask, nameOf } from '../../audit/mask.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { SecurityEvents } from '../../core/telemetry/security-events.js';
import { Passwords } from '../passwords/passwords.js';
import type { ClientInfo } from '../sessions/sessions.service.js';
import { UsersRepository, type Credentials } from '../users.repository.js';
import { SessionOpening, type SignInOutcome } from './session-opening.js';
import { auditRole } from '../../core/database/privileged/audit.role.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** A person who has proven the password of an account. */
export interface Checked {
  user: Credentials;
  hash: string;
  /** A hash with the configured cost, where the stored one has a lower cost. */
  newHash: string | null;
}

@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly opening: SessionOpening,
    private readonly audit: AuditTrail,
    private readonly security: SecurityEvents,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Signs in by password: a session, or a sign-in that waits for its second factor. Unknown address, wrong password and closed account get
   * the same answer after the same time.
   * @throws DomainError `unauthenticated`
   */
  async signIn(
    { email, password }: { email: string; password: string },
    client: ClientInfo,
    kind: 'browser' | 'api' = 'browser',
  ): Promise<SignInOutcome> {
    const checked = await this.check({ email, password });
    const outcome = await this.begin(checked, client, kind);
    return outcome ?? this.refuse(email, checked.user);
  }

  /** Verifies a password without signing in. @throws DomainError `unauthenticated` */
  async check({ email, password }: { email: string; password: string }): Promise<Checked> {
    const user = await this.users.credentialsByEmail(email);
    const matches = await this.passwords.verify(password, user?.passwordHash);
    const hash = user?.passwordHash;
    if (!user?.isActive || !hash || !matches) return this.refuse(email, user);
    const newHash = this.passwords.isOutdated(hash) ? await this.passwords.hash(password) : null;
    return { user, hash, newHash };
  }

  /**
   * Lets a person in whose password was verified, in an open unit of work or a new one; null when the account was closed or its password changed meanwhile.
   */
  async begin(
    { user, hash, newHash }: Checked,
    client: ClientInfo,
    kind: 'browser' | 'api',
  ): Promise<SignInOutcome | null> {
    return this.unitOfWork.runAs(identityRole, async () => {
      // The password may have been reset during the check: it must neither be restored nor accepted.
      if (!(await this.users.signedIn(user.id, hash, newHash))) return null;
      const proven = { userId: user.id, methods: ['password'], assurance: 1 } as const;
      const outcome = await this.opening.open(proven, kind, client);
      if (outcome.waiting) return outcome;
      const actor = { id: user.id, name: nameOf(user) };
      const subject = { kind: 'user', ...actor };
      const { tenantId } = user;
      await this.audit.record({ action: 'sign_in.succeeded', subject, actor, tenantId });
      return outcome;
    });
  }

  /** Recording takes the same time whether or not the address has an account. */
  private async refuse(email: string, user: Credentials | null): Promise<never> {
    const subject = { kind: 'user', id: user?.id ?? null, name: mask(email) };
    const tenantId = user?.tenantId ?? null;
    await this.unitOfWork.runAs(auditRole, () =>
      this.audit.record({ action: 'sign_in.failed', subject, tenantId }),
    );
    // The trail records a limited number per hour without an account; the metric counts all.
    this.security.note('sign_in_failed');
    throw new DomainError('unauthenticated', 'users.errors.wrong_credentials');
  }
}

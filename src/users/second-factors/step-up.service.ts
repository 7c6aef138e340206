import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { nameOf } from '../../audit/mask.js';
import type { Principal } from '../../core/context/principal.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { RateLimiter } from '../../core/http/security/rate-limiter.js';
import { SecurityEvents } from '../../core/telemetry/security-events.js';
import { Passwords } from '../passwords/passwords.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { UsersRepository } from '../users.repository.js';
import { SecondFactors } from './second-factors.js';

/** Confirmation of who one is within a session (ASVS 7.5.1), before what is sensitive. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly factors: SecondFactors,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly sessions: SessionsRepository,
    private readonly limiter: RateLimiter,
    private readonly audit: AuditTrail,
    private readonly security: SecurityEvents,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Confirms with the strongest factor the person has: a second factor where there is one, else the password.
   * Returns the new token of a browser's session (ASVS 7.2.4); null for an API session.
   * @throws DomainError `invalid` for a wrong or missing proof, `rate_limited`
   */
  async confirm(me: Principal, input: Readonly<Record<string, unknown>>): Promise<string | null> {
    await this.limiter.spendFor('factor_proof', me.userId);
    const token = await (me.secondFactors.length > 0
      ? this.byFactor(me, input)
      : this.byPassword(me, input.password));
    await this.limiter.forgiveFor('factor_proof', me.userId);
    return token;
  }

  private async byFactor(
    me: Principal,
    input: Readonly<Record<string, unknown>>,
  ): Promise<string | null> {
    const shown = this.factors.shownIn(input);
    if (!shown) throw new DomainError('invalid', 'users.errors.factor_missing', { field: 'code' });
    const { factor, proof } = shown;
    const confirmed = await this.unitOfWork.runAs(identityRole, async () => {
      await this.users.lock(me.userId);
      const check = { userId: me.userId, proof, binding: me.sessionId };
      return (await factor.verify(check)) ? this.record(me, factor.name, 2) : null;
    });
    if (confirmed) return confirmed.token;
    return this.refuse(me, 'users.errors.wrong_factor', factor.field);
  }

  private async byPassword(me: Principal, password: unknown): Promise<string | null> {
    if (typeof password !== 'string' || password === '') {
      throw new DomainError('invalid', 'validation.password_required', { field: 'password' });
    }
    const hash = (await this.users.credentialsById(me.userId))?.passwordHash;
    const matches = await this.passwords.verify(password, hash);
    const confirmed =
      matches &&
      hash &&
      (await this.unitOfWork.runAs(identityRole, async () =>
        // The password may have changed during the check, which invalidates it.
        (await this.users.lockWithPassword(me.userId, hash))
          ? this.record(me, 'password', 1)
          : null,
      ));
    if (confirmed) return confirmed.token;
    return this.refuse(me, 'users.errors.wrong_password', 'password');
  }

  private async record(
    me: Principal,
    method: string,
    assurance: 1 | 2,
  ): Promise<{ token: string | null }> {
    if (!(await this.sessions.confirm(me.sessionId, method, assurance))) {
      throw new DomainError('unauthenticated', 'errors.not_found');
    }
    const subject = { kind: 'user', id: me.userId, name: nameOf(me) };
    const changes = { method: { from: null, to: method } };
    const { tenantId } = me;
    const token = await this.sessions.renewToken(me.sessionId);
    await this.audit.record({ action: 'session.confirmed', subject, changes, tenantId });
    return { token };
  }

  private async refuse(
    me: Principal,
    key: 'users.errors.wrong_factor' | 'users.errors.wrong_password',
    field: string,
  ): Promise<never> {
    const subject = { kind: 'user', id: me.userId, name: nameOf(me) };
    const { tenantId } = me;
    await this.unitOfWork.run(() =>
      this.audit.record({ action: 'second_factor.refused', subject, tenantId }),
    );
    this.security.note('second_factor_failed');
    throw new DomainError('invalid', key, { field });
  }
}

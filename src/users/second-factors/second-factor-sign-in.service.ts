import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { nameOf } from '../../audit/mask.js';
import { auditRole } from '../../core/database/privileged/audit.role.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { RateLimiter } from '../../core/http/security/rate-limiter.js';
import { SecurityEvents } from '../../core/telemetry/security-events.js';
import { hashToken, looksLikeToken } from '../access-tokens/tokens.js';
import type { SessionKind } from '../sessions/session.entity.js';
import type { ClientInfo } from '../sessions/sessions.service.js';
import { SessionOpening } from '../sign-in/session-opening.js';
import { UsersRepository } from '../users.repository.js';
import { PendingSignInsRepository, type PendingSignIn } from './pending-sign-ins.repository.js';
import { SecondFactors } from './second-factors.js';

/** Completes sign-ins that wait for a second factor. */
@Injectable()
export class SecondFactorSignIn {
  constructor(
    private readonly pending: PendingSignInsRepository,
    private readonly factors: SecondFactors,
    private readonly opening: SessionOpening,
    private readonly users: UsersRepository,
    private readonly limiter: RateLimiter,
    private readonly audit: AuditTrail,
    private readonly security: SecurityEvents,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The waiting sign-in of a token; null when there is none that can be completed. Changes nothing. */
  async inspect(kind: SessionKind, token: string | undefined): Promise<PendingSignIn | null> {
    return looksLikeToken(token) ? this.pending.find(kind, hashToken(token)) : null;
  }

  /**
   * Shows a factor (`input`: its field) and returns the token of the session. Every proof is counted before it
   * is looked at: five for one sign-in, and so many an hour for one person.
   * @throws DomainError `gone` when the sign-in has expired or its tries are used up, `unauthenticated` for a
   * wrong proof, `invalid` without one, `rate_limited`
   */
  async complete(
    kind: SessionKind,
    token: string | undefined,
    input: Readonly<Record<string, unknown>>,
    client: ClientInfo,
  ): Promise<{ session: string; email: string }> {
    const shown = this.factors.shownIn(input);
    if (!shown) throw new DomainError('invalid', 'users.errors.factor_missing', { field: 'code' });
    const hash = looksLikeToken(token) ? hashToken(token) : null;
    const waiting =
      hash && (await this.unitOfWork.runAs(identityRole, () => this.pending.countTry(kind, hash)));
    if (!waiting) throw over();
    await this.limiter.spendFor('factor_proof', waiting.userId);
    const { factor, proof } = shown;
    const session = await this.unitOfWork.runAs(identityRole, async () => {
      await this.users.lock(waiting.userId);
      const check = { userId: waiting.userId, proof, binding: waiting.id };
      return (await factor.verify(check)) ? this.open(waiting, factor.name, client) : null;
    });
    if (!session) return this.refuse(waiting, factor.field);
    await this.limiter.forgiveFor('factor_proof', waiting.userId);
    return { session, email: waiting.email };
  }

  private async open(waiting: PendingSignIn, factor: string, client: ClientInfo): Promise<string> {
    const { id, userId, kind, tenantId } = waiting;
    if (!(await this.pending.use(id)) || !(await this.users.completedSignIn(userId))) throw over();
    const methods = [...waiting.methods, factor];
    const { session } = await this.opening.open({ userId, methods, assurance: 2 }, kind, client);
    if (!session) throw over();
    const actor = { id: userId, name: nameOf(waiting) };
    const subject = { kind: 'user', ...actor };
    const changes = { method: { from: null, to: factor } };
    await this.audit.record({ action: 'sign_in.succeeded', subject, changes, actor, tenantId });
    return session;
  }

  private async refuse(waiting: PendingSignIn, field: string): Promise<never> {
    const { userId, tenantId } = waiting;
    const subject = { kind: 'user', id: userId, name: nameOf(waiting) };
    await this.unitOfWork.runAs(auditRole, () =>
      this.audit.record({ action: 'second_factor.refused', subject, tenantId }),
    );
    this.security.note('second_factor_failed');
    throw new DomainError('unauthenticated', 'users.errors.wrong_factor', { field });
  }
}

function over(): DomainError {
  return new DomainError('gone', 'users.errors.sign_in_over');
}

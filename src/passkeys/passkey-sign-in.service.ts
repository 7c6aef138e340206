import { Injectable } from '@nestjs/common';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { nameOf } from '../audit/mask.js';
import { auditRole } from '../core/database/privileged/audit.role.js';
import { identityRole } from '../core/database/privileged/identity.role.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import { SecurityEvents } from '../core/telemetry/security-events.js';
import { newToken } from '../users/access-tokens/tokens.js';
import type { ClientInfo } from '../users/sessions/sessions.service.js';
import { SessionOpening } from '../users/sign-in/session-opening.js';
import { UsersRepository } from '../users/users.repository.js';
import { PasskeyProofs } from './passkey-proofs.service.js';
import { WebAuthn } from './webauthn.js';

/** Sign-in with nothing but a passkey, which is two factors in one. */
@Injectable()
export class PasskeySignIn {
  constructor(
    private readonly proofs: PasskeyProofs,
    private readonly webauthn: WebAuthn,
    private readonly users: UsersRepository,
    private readonly opening: SessionOpening,
    private readonly audit: AuditTrail,
    private readonly security: SecurityEvents,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * What an API client needs to ask for a passkey. It has no cookies: the token, which nobody else was told, is
   * shown with the answer, so that an answer that was made elsewhere signs in nobody. Stores nothing.
   */
  async begin(): Promise<{ token: string; options: PublicKeyCredentialRequestOptionsJSON }> {
    const { token } = newToken();
    return { token, options: await this.webauthn.requestOptions('sign_in', bindingOf(token)) };
  }

  /**
   * Signs in by the answer of a passkey to the sign-in page, or with `token` to that client of the API. Returns the
   * token of a new session. An unknown passkey, a wrong answer and a closed account are refused alike.
   * @throws DomainError `unauthenticated`
   */
  async signIn(
    { proof, token }: { proof: string; token?: string },
    client: ClientInfo,
  ): Promise<{ session: string; email: string }> {
    const kind = token === undefined ? 'browser' : 'api';
    const binding = token === undefined ? '' : bindingOf(token);
    const signedIn = await this.unitOfWork.runAs(identityRole, async () => {
      const passkey = await this.proofs.verify(proof, 'sign_in', binding);
      const user = passkey && (await this.users.credentialsById(passkey.userId));
      if (!user || !(await this.users.completedSignIn(user.id))) return null;
      const proven = { userId: user.id, methods: ['passkey'], assurance: 2 } as const;
      const { session } = await this.opening.open(proven, kind, client);
      if (!session) return null;
      const actor = { id: user.id, name: nameOf(user) };
      const subject = { kind: 'user', ...actor };
      const changes = { method: { from: null, to: 'passkey' } };
      const { tenantId, email } = user;
      await this.audit.record({ action: 'sign_in.succeeded', subject, changes, actor, tenantId });
      return { session, email };
    });
    return signedIn ?? this.refuse();
  }

  /** Nobody is named: an answer that is not verified names whom it likes. */
  private async refuse(): Promise<never> {
    const subject = { kind: 'user', id: null, name: null };
    await this.unitOfWork.runAs(auditRole, () =>
      this.audit.record({ action: 'sign_in.failed', subject, tenantId: null }),
    );
    this.security.note('sign_in_failed');
    throw new DomainError('unauthenticated', 'passkeys.errors.refused');
  }
}

/** No challenge of the sign-in page has one. */
function bindingOf(token: string): string {
  return `client ${token}`;
}

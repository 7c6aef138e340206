import { Injectable } from '@nestjs/common';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { nameOf } from '../audit/mask.js';
import type { Principal } from '../core/context/principal.js';
import { identityRole } from '../core/database/privileged/identity.role.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import type { AuditAction } from '../core/features/names.js';
import { Mailer } from '../core/mail/mailer.js';
import type { AddedFactor } from '../second-factor/factors.service.js';
import { RecoveryCodeFactor } from '../second-factor/recovery-code.factor.js';
import { NoticeLinks } from '../users/links/notice-links.js';
import { SessionsRepository } from '../users/sessions/sessions.repository.js';
import { UsersRepository, type Credentials } from '../users/users.repository.js';
import { Challenges } from './challenges.js';
import { PasskeysRepository, type PasskeyRow } from './passkeys.repository.js';
import { WebAuthn, answerOf } from './webauthn.js';

/** Maximum number of passkeys per person. */
export const MOST_PASSKEYS = 20;

/** Passkeys of a person: added, listed, removed. */
@Injectable()
export class PasskeysService {
  constructor(
    private readonly rows: PasskeysRepository,
    private readonly webauthn: WebAuthn,
    private readonly challenges: Challenges,
    private readonly codes: RecoveryCodeFactor,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly notices: NoticeLinks,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  own(me: Principal): Promise<PasskeyRow[]> {
    return this.unitOfWork.runAs(identityRole, () => this.rows.of(me.userId));
  }

  /** What the browser needs to make a passkey for this person, in this session. Stores nothing. */
  async options(me: Principal): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const known = await this.unitOfWork.runAs(identityRole, () =>
      this.rows.credentialIdsOf(me.userId),
    );
    const { userId: id, email, displayName } = me;
    return this.webauthn.creationOptions({ id, email, displayName }, me.sessionId, known);
  }

  /**
   * Adds the passkey that an authenticator made. Ends every other session, none of which has shown it.
   * @throws DomainError `invalid` for a wrong answer, `conflict` when it is somebody's already or there are 20
   */
  async add(me: Principal, name: string, proof: string): Promise<AddedFactor> {
    const answer = answerOf<RegistrationResponseJSON>(proof);
    const passkey = answer && (await this.webauthn.verifyNew(answer, me.sessionId));
    if (!answer || !passkey) throw new DomainError('invalid', 'passkeys.errors.not_added');
    return this.changing(me, 'passkey.added', async () => {
      if (!(await this.challenges.use(answer.challenge))) {
        throw new DomainError('invalid', 'passkeys.errors.not_added');
      }
      if ((await this.rows.credentialIdsOf(me.userId)).length >= MOST_PASSKEYS) {
        throw new DomainError('conflict', 'passkeys.errors.too_many', {
          args: { max: MOST_PASSKEYS },
        });
      }
      if (!(await this.rows.add(me.userId, name, passkey))) {
        throw new DomainError('conflict', 'passkeys.errors.taken');
      }
      await this.sessions.confirm(me.sessionId, 'passkey', 2);
      const token = await this.sessions.renewToken(me.sessionId);
      return { name, result: { codes: await this.codes.forFirst(me.userId), token } };
    });
  }

  /**
   * Removes one, and the recovery codes with the last factor. Ends every other session. Returns its name.
   * @throws DomainError `not_found` when it is not one of this person
   */
  remove(me: Principal, id: string): Promise<string> {
    return this.changing(me, 'passkey.removed', async () => {
      const name = await this.rows.remove(id, me.userId);
      if (name === null) throw new DomainError('not_found', 'errors.not_found');
      await this.codes.dropWithLast(me.userId);
      return { name, result: name };
    });
  }

  /** The account is locked before its factors change, so that changes take turns. */
  private changing<T>(
    me: Principal,
    action: 'passkey.added' | 'passkey.removed',
    change: () => Promise<{ name: string; result: T }>,
  ): Promise<T> {
    return this.unitOfWork.runAs(identityRole, async () => {
      await this.users.lock(me.userId);
      const user = await this.users.credentialsById(me.userId);
      if (!user) throw new DomainError('not_found', 'errors.not_found');
      const { name, result } = await change();
      await this.sessions.endAll(me.userId, me.sessionId);
      const template = action === 'passkey.added' ? 'passkey-added' : 'passkey-removed';
      await this.mailer.send(user.email, template, { name, ...(await this.notices.issue(user)) });
      await this.record(action, user, name);
      return result;
    });
  }

  private async record(action: AuditAction, user: Credentials, name: string): Promise<void> {
    const subject = { kind: 'user', id: user.id, name: nameOf(user) };
    const isNew = action === 'passkey.added';
    const changes = { passkey: { from: isNew ? null : name, to: isNew ? name : null } };
    await this.audit.record({ action, subject, changes, tenantId: user.tenantId });
  }
}

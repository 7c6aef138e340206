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
import { requireSeen, type SeenVersions } from '../core/database/version.js';
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

/** What comes of adding a passkey. */
export interface AddedPasskey extends AddedFactor {
  passkey: PasskeyRow;
}

/** Passkeys of a person: added, listed, renamed, removed. */
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

  /** @throws DomainError `not_found` when it is not one of this person */
  one(me: Principal, id: string): Promise<PasskeyRow> {
    return this.unitOfWork.runAs(identityRole, () => this.find(me, id));
  }

  /** What a client needs to make a passkey for this person, in this session. Stores nothing. */
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
  async add(me: Principal, name: string, proof: string): Promise<AddedPasskey> {
    const answer = answerOf<RegistrationResponseJSON>(proof);
    const passkey = answer && (await this.webauthn.verifyNew(answer, me.sessionId));
    if (!answer || !passkey) throw notAdded();
    return this.changing(me, 'passkey.added', async () => {
      if (!(await this.challenges.use(answer.challenge))) {
        throw notAdded();
      }
      if ((await this.rows.credentialIdsOf(me.userId)).length >= MOST_PASSKEYS) {
        throw new DomainError('conflict', 'passkeys.errors.too_many', {
          args: { max: MOST_PASSKEYS },
        });
      }
      const added = await this.rows.add(me.userId, name, passkey);
      if (!added) throw new DomainError('conflict', 'passkeys.errors.taken');
      await this.sessions.confirm(me.sessionId, 'passkey', 2);
      const token = await this.sessions.renewToken(me.sessionId);
      const codes = await this.codes.forFirst(me.userId);
      return { name, result: { passkey: added, codes, token } };
    });
  }

  /**
   * Gives one another name; none leaves it as it is. `seen`: the versions the change may be based on.
   * @throws DomainError `not_found` when it is not one of this person, `stale`
   */
  rename(
    me: Principal,
    id: string,
    name: string | undefined,
    seen?: SeenVersions,
  ): Promise<PasskeyRow> {
    return this.unitOfWork.runAs(identityRole, async () => {
      const user = await this.lockAccount(me);
      const passkey = await this.find(me, id);
      requireSeen(passkey, seen, 'passkeys.errors.stale');
      if (name === undefined || name === passkey.name) return passkey;
      const renamed = await this.rows.rename(id, me.userId, name);
      await this.record('passkey.renamed', user, { from: passkey.name, to: name });
      return renamed ?? passkey;
    });
  }

  /**
   * Removes one, and the recovery codes with the last factor. Ends every other session. Returns its name.
   * @throws DomainError `not_found` when it is not one of this person, `stale`
   */
  remove(me: Principal, id: string, seen?: SeenVersions): Promise<string> {
    return this.changing(me, 'passkey.removed', async () => {
      const passkey = await this.find(me, id);
      requireSeen(passkey, seen, 'passkeys.errors.stale');
      await this.rows.remove(id, me.userId);
      await this.codes.dropWithLast(me.userId);
      return { name: passkey.name, result: passkey.name };
    });
  }

  private async find(me: Principal, id: string): Promise<PasskeyRow> {
    const passkey = await this.rows.one(id, me.userId);
    if (!passkey) throw new DomainError('not_found', 'errors.not_found');
    return passkey;
  }

  /** Adds or removes one, and tells the person. */
  private changing<T>(
    me: Principal,
    action: 'passkey.added' | 'passkey.removed',
    change: () => Promise<{ name: string; result: T }>,
  ): Promise<T> {
    return this.unitOfWork.runAs(identityRole, async () => {
      const user = await this.lockAccount(me);
      const { name, result } = await change();
      await this.sessions.endAll(me.userId, me.sessionId);
      const isNew = action === 'passkey.added';
      const template = isNew ? 'passkey-added' : 'passkey-removed';
      await this.mailer.send(user.email, template, { name, ...(await this.notices.issue(user)) });
      await this.record(action, user, { from: isNew ? null : name, to: isNew ? name : null });
      return result;
    });
  }

  /** The account is locked before its factors change, so that changes take turns. */
  private async lockAccount({ userId }: Principal): Promise<Credentials> {
    await this.users.lock(userId);
    const user = await this.users.credentialsById(userId);
    if (!user) throw new DomainError('not_found', 'errors.not_found');
    return user;
  }

  private async record(
    action: AuditAction,
    user: Credentials,
    passkey: { from: string | null; to: string | null },
  ): Promise<void> {
    const subject = { kind: 'user', id: user.id, name: nameOf(user) };
    await this.audit.record({ action, subject, changes: { passkey }, tenantId: user.tenantId });
  }
}

function notAdded(): DomainError {
  return new DomainError('invalid', 'passkeys.errors.not_added', { field: 'passkey' });
}

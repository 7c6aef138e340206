import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { nameOf } from '../audit/mask.js';
import { AppConfig } from '../core/config/config.js';
import type { Principal } from '../core/context/principal.js';
import { SecretBox } from '../core/crypto/secret-box.js';
import { identityRole } from '../core/database/privileged/identity.role.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import type { AuditAction } from '../core/features/names.js';
import { brand } from '../core/brand/brand.js';
import { RateLimiter } from '../core/http/security/rate-limiter.js';
import { Mailer } from '../core/mail/mailer.js';
import { NoticeLinks } from '../users/links/notice-links.js';
import { SecondFactors } from '../users/second-factors/second-factors.js';
import { SessionsRepository } from '../users/sessions/sessions.repository.js';
import { UsersRepository, type Credentials } from '../users/users.repository.js';
import { qrCode, type QrCode } from './qr-code.js';
import { RecoveryCodeFactor } from './recovery-code.factor.js';
import { groupsOfFour } from './recovery-code.js';
import { base32, keyUri, newSeed, stepOf } from './totp.js';
import { TotpFactor } from './totp.factor.js';
import { TotpRepository } from './totp.repository.js';

/** An authenticator app that is being set up. Nothing is stored until a code confirms it. */
export interface TotpSetUp {
  /** The seed, encrypted for this person and an hour: the form carries it. */
  sealed: string;
  /** The seed in base32, in groups of four. */
  groups: string[];
  uri: string;
  qr: QrCode;
}

/** The factors a person has, as their page shows them. */
export interface OwnFactors {
  totp: { createdAt: Date; lastUsedAt: Date | null } | null;
  /** Recovery codes that can be used; null without a factor. */
  recoveryCodes: number | null;
}

/** What comes of adding a factor. */
export interface AddedFactor {
  /** Recovery codes, which come with the first factor and are shown this once; null where the person has some. */
  codes: string[] | null;
  /** The new token of the browser's session (ASVS 7.2.4). */
  token: string | null;
}

const SET_UP_MS = 3_600_000;

/** Second factors of a person: set up, removed, and the codes for when they are lost. */
@Injectable()
export class FactorsService {
  private readonly secretBox: SecretBox;

  constructor(
    private readonly totp: TotpFactor,
    private readonly totpRows: TotpRepository,
    private readonly codes: RecoveryCodeFactor,
    private readonly factors: SecondFactors,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly notices: NoticeLinks,
    private readonly mailer: Mailer,
    private readonly limiter: RateLimiter,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
    config: AppConfig,
  ) {
    this.secretBox = new SecretBox(config.secret, 'set-up of authenticator apps');
  }

  async own(me: Principal): Promise<OwnFactors> {
    return this.unitOfWork.runAs(identityRole, async () => {
      const row = await this.totpRows.find(me.userId);
      const has = me.secondFactors.length > 0;
      return {
        totp: row && { createdAt: row.createdAt, lastUsedAt: row.lastUsedAt },
        recoveryCodes: has ? await this.codes.left(me.userId) : null,
      };
    });
  }

  /** A new seed, or that of a form that was refused. Stores nothing. */
  setUp(me: Principal, sealed?: string): TotpSetUp {
    const seed = (sealed && this.unseal(me, sealed)) || newSeed();
    const until = Date.now() + SET_UP_MS;
    const plain = Buffer.from(JSON.stringify({ seed: seed.toString('base64'), until }));
    const uri = keyUri(seed, brand.name, me.email);
    return {
      sealed: this.secretBox.encrypt(plain, me.userId).toString('base64url'),
      groups: groupsOfFour(base32(seed)),
      uri,
      qr: qrCode(uri),
    };
  }

  /**
   * Adds the app whose code was typed. Ends every other session, none of which has shown it.
   * @throws DomainError `invalid` for a wrong code or an expired form, `conflict` when there is an app,
   * `rate_limited`
   */
  async addTotp(me: Principal, sealed: string, code: string): Promise<AddedFactor> {
    await this.limiter.spendFor('factor_proof', me.userId);
    const seed = this.unseal(me, sealed);
    if (!seed)
      throw new DomainError('invalid', 'second-factor.errors.set_up_over', { field: 'code' });
    const step = stepOf(seed, code);
    if (step === null)
      throw new DomainError('invalid', 'users.errors.wrong_factor', { field: 'code' });
    const added = await this.changing(me, 'second_factor.added', 'totp', async () => {
      if (!(await this.totp.add(me.userId, seed, step))) {
        throw new DomainError('conflict', 'second-factor.errors.has_totp');
      }
      await this.sessions.confirm(me.sessionId, 'totp', 2);
      const token = await this.sessions.renewToken(me.sessionId);
      return { codes: await this.codes.forFirst(me.userId), token };
    });
    await this.limiter.forgiveFor('factor_proof', me.userId);
    return added;
  }

  /**
   * Removes the app, and the recovery codes where it was the last factor. Ends every other session.
   * @throws DomainError `not_found`
   */
  async removeTotp(me: Principal): Promise<void> {
    await this.changing(me, 'second_factor.removed', 'totp', async () => {
      if ((await this.totp.remove(me.userId)) === 0) {
        throw new DomainError('not_found', 'errors.not_found');
      }
      await this.codes.dropWithLast(me.userId);
    });
  }

  /** A new set of recovery codes in place of the old one. @throws DomainError `conflict` without a factor */
  async newCodes(me: Principal): Promise<string[]> {
    return this.unitOfWork.runAs(identityRole, async () => {
      const user = await this.locked(me.userId);
      if (user.secondFactors.length === 0) {
        throw new DomainError('conflict', 'second-factor.errors.no_factor');
      }
      const codes = await this.codes.replace(me.userId);
      const link = await this.notices.issue(user);
      await this.mailer.send(user.email, 'recovery-codes-new', link);
      await this.record('recovery_code.replaced', user, null);
      return codes;
    });
  }

  /** The account is locked before its factors change, so that changes take turns. */
  private changing<T>(
    me: Principal,
    action: 'second_factor.added' | 'second_factor.removed',
    kind: string,
    change: () => Promise<T>,
  ): Promise<T> {
    return this.unitOfWork.runAs(identityRole, async () => {
      const user = await this.locked(me.userId);
      const result = await change();
      await this.sessions.endAll(me.userId, me.sessionId);
      const template =
        action === 'second_factor.added' ? 'second-factor-added' : 'second-factor-removed';
      await this.mailer.send(user.email, template, { kind, ...(await this.notices.issue(user)) });
      await this.record(action, user, kind);
      return result;
    });
  }

  private async locked(userId: string): Promise<Credentials> {
    await this.users.lock(userId);
    const user = await this.users.credentialsById(userId);
    if (!user) throw new DomainError('not_found', 'errors.not_found');
    return user;
  }

  private async record(action: AuditAction, user: Credentials, kind: string | null): Promise<void> {
    const subject = { kind: 'user', id: user.id, name: nameOf(user) };
    const isRemoved = action === 'second_factor.removed';
    const change = { from: isRemoved ? kind : null, to: isRemoved ? null : kind };
    const changes = kind === null ? null : { method: change };
    await this.audit.record({ action, subject, changes, tenantId: user.tenantId });
  }

  /** The seed of a set-up form; null when it is of another person, changed, or older than an hour. */
  private unseal(me: Principal, sealed: string): Buffer | null {
    const plain = this.secretBox.decrypt(Buffer.from(sealed, 'base64url'), me.userId);
    if (!plain) return null;
    const { seed, until } = JSON.parse(plain.toString()) as { seed: string; until: number };
    return Date.now() < until ? Buffer.from(seed, 'base64') : null;
  }
}

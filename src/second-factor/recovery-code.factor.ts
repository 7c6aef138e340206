import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { nameOf } from '../audit/mask.js';
import { Mailer } from '../core/mail/mailer.js';
import { NoticeLinks } from '../users/links/notice-links.js';
import {
  SecondFactors,
  type FactorCheck,
  type SecondFactor,
} from '../users/second-factors/second-factors.js';
import { UsersRepository } from '../users/users.repository.js';
import { hashRecoveryCode, newRecoveryCode, RECOVERY_CODES } from './recovery-code.js';
import { RecoveryCodesRepository } from './recovery-codes.repository.js';

/** Recovery codes stand in for a factor that is not at hand. Alone they are no factor: sign-in asks for none. */
@Injectable()
export class RecoveryCodeFactor implements SecondFactor, OnModuleInit {
  readonly name = 'recovery_code';
  readonly field = 'recovery_code';
  readonly position = 90;

  constructor(
    private readonly codes: RecoveryCodesRepository,
    private readonly factors: SecondFactors,
    private readonly users: UsersRepository,
    private readonly notices: NoticeLinks,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.factors.register(this);
  }

  /** Uses a code up, and tells the person by mail (ASVS 6.3.7). */
  async verify({ userId, proof }: FactorCheck): Promise<boolean> {
    const hash = hashRecoveryCode(proof);
    if (!hash || !(await this.codes.use(userId, hash))) return false;
    const user = await this.users.credentialsById(userId);
    if (!user) return false;
    const left = await this.codes.left(userId);
    const link = await this.notices.issue(user);
    await this.mailer.send(user.email, 'recovery-code-used', { left, ...link });
    const actor = { id: user.id, name: nameOf(user) };
    const subject = { kind: 'user', ...actor };
    const changes = { recovery_codes: { from: left + 1, to: left } };
    const { tenantId } = user;
    await this.audit.record({ action: 'recovery_code.used', subject, changes, actor, tenantId });
    return true;
  }

  /** A new set, in a unit of work as the identity role that has locked the account. Shown this once. */
  async replace(userId: string): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    await this.codes.replace(
      userId,
      codes.map((code) => hashRecoveryCode(code)!),
    );
    return codes;
  }

  /** A set that comes with the first factor, like `replace`; null where there are codes that can be used. */
  async forFirst(userId: string): Promise<string[] | null> {
    return (await this.left(userId)) > 0 ? null : this.replace(userId);
  }

  /** After a factor was removed: without another one the codes stand in for nothing, and go. */
  async dropWithLast(userId: string): Promise<void> {
    const user = await this.users.credentialsById(userId);
    if (user?.secondFactors.length === 0) await this.remove(userId);
  }

  left(userId: string): Promise<number> {
    return this.codes.left(userId);
  }

  remove(userId: string, since?: Date): Promise<number> {
    return this.codes.remove(userId, since ?? null);
  }
}

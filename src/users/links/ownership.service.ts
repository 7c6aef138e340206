import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../../core/features/names.js';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { nameOf } from '../../audit/mask.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Mailer } from '../../core/mail/mailer.js';
import { OwnershipRepository } from './ownership.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { hashToken, looksLikeToken } from '../access-tokens/tokens.js';
import { UserTokensRepository } from './user-tokens.repository.js';
import { UsersRepository, type Credentials } from '../users.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** What was revoked because its creator is unknown. */
export interface Claimed {
  members: number;
  keys: number;
  invitations: number;
}

/**
 * Take-over of unverified accounts: whoever registered one may not be the owner of the address, who can take
 * over the account or its address (ADR 39).
 */
@Injectable()
export class OwnershipService {
  constructor(
    private readonly ownership: OwnershipRepository,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly tokens: UserTokensRepository,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Within the unit of work in which the address's owner takes over an unverified account and ended its
   * sessions and links: revokes keys, cancels invitations, and suspends everybody else's access until the
   * owner restores it.
   */
  async claim(user: Credentials): Promise<Claimed> {
    if (!user.tenantId) return { members: 0, keys: 0, invitations: 0 };
    await this.unitOfWork.switchTenant(user.tenantId);
    return this.unitOfWork.run(async () => {
      await this.ownership.lockTenant();
      const all = await this.ownership.hasFounded(user.id);
      if (all) await this.ownership.reinstate(user.id);
      const held = all ? await this.ownership.holdOthers(user.id) : [];
      const keys = await this.ownership.revokeKeys(user.id, all);
      const invitations = await this.ownership.cancelInvitations(user.id, all);
      await this.unitOfWork.runAs(identityRole, async () => {
        for (const { userId } of held) await this.sessions.endAll(userId);
      });
      const claimed = { members: held.length, keys: keys.length, invitations };
      if (held.length + keys.length + invitations > 0) await this.tell(user, held, keys, claimed);
      return claimed;
    });
  }

  /**
   * "I did not create this account", by the verification link: removes the address from the account.
   * @throws DomainError `gone` for an invalid link
   */
  async disclaim(token: string): Promise<void> {
    const gone = new DomainError('gone', 'users.errors.invalid_link');
    if (!looksLikeToken(token)) throw gone;
    await this.unitOfWork.runAs(identityRole, async () => {
      const used = await this.tokens.use('email_verification', hashToken(token));
      if (!used || !(await this.release(used.userId, used.email))) throw gone;
    });
  }

  /**
   * Within a unit of work as the identity role: removes the address from an unverified account. False when it
   * was verified by now.
   */
  async release(userId: string, email: string): Promise<boolean> {
    await this.users.lock(userId);
    const user = await this.users.credentialsById(userId);
    if (!user || !(await this.ownership.release(userId, email))) return false;
    await this.tokens.dropAll(userId);
    await this.record('account.released', user, null);
    return true;
  }

  private async tell(
    user: Credentials,
    held: Array<{ name: string | null }>,
    keys: string[],
    claimed: Claimed,
  ): Promise<void> {
    await this.mailer.send(user.email, 'account-claimed', {
      ...claimed,
      memberNames: held.map(({ name }) => name ?? '?').join(', '),
      keyNames: keys.join(', '),
      url: this.mailer.link('/settings/users/'),
    });
    const changes = Object.entries({
      members: claimed.members,
      apiKeys: claimed.keys,
      invitations: claimed.invitations,
    }).flatMap(([field, count]) => (count > 0 ? [[field, { from: count, to: 0 }] as const] : []));
    await this.record('account.claimed', user, Object.fromEntries(changes));
  }

  private async record(action: AuditAction, user: Credentials, changes: AuditChanges | null) {
    const subject = { kind: 'user', id: user.id, name: nameOf(user) };
    const actor = { id: user.id, name: nameOf(user) };
    await this.audit.record({ action, subject, changes, actor, tenantId: user.tenantId });
  }
}

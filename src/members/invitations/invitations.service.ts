import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../../core/features/names.js';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { mask } from '../../audit/mask.js';
import { isApiKey, personOf, type Actor, type Role } from '../../core/context/principal.js';
import { currentActor } from '../../core/context/request-context.js';
import { requireInPerson } from '../../core/http/access/require-in-person.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { AddedCost } from '../../core/entitlements/added-cost.js';
import { Entitlements } from '../../core/entitlements/entitlements.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { localeFromLanguage } from '../../core/i18n/locales.js';
import { Mailer } from '../../core/mail/mailer.js';
import { addressesIn, repeatedIn } from '../../users/addresses.js';
import { INVITATION_DAYS } from './invitation.entity.js';
import {
  InvitationsRepository,
  type InvitationRow,
  type KnownAddress,
} from './invitations.repository.js';
import { MembersService } from '../members.service.js';
import { newToken } from '../../users/access-tokens/tokens.js';

/** Result for one address. */
export interface InvitationResult {
  email: string;
  /**
   * `pending`: it already has a valid invitation, which can be sent again by its id · `repeated`: it was given more
   * than once; another result says what became of it
   */
  outcome: 'sent' | 'invalid' | 'belongs' | 'pending' | 'repeated';
  invitationId: string | null;
}

/** Maximum number of addresses per request. */
export const INVITATIONS_AT_ONCE = 100;

/** Creates, re-sends and cancels invitations. `AcceptanceService` accepts them. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly members: MembersService,
    private readonly mailer: Mailer,
    private readonly audit: AuditTrail,
    private readonly entitlements: Entitlements,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Invites every address in `text`, with a result for each.
   * @throws DomainError `limit_reached` when there is no room for all of them; then none is invited
   */
  async invite(by: Actor, text: string, role: Role): Promise<InvitationResult[]> {
    if (role === 'admin') requireInPerson(by);
    const { valid, invalid } = addressesIn(text);
    const count = valid.length + invalid.length;
    if (count === 0) throw new DomainError('invalid', 'validation.email', { field: 'email' });
    if (count > INVITATIONS_AT_ONCE) {
      const args = { max: INVITATIONS_AT_ONCE };
      throw new DomainError('invalid', 'members.errors.too_many', { field: 'email', args });
    }
    const sent = await this.unitOfWork.run(async () => {
      await this.members.requireAdmin(by);
      const known = new Map((await this.invitations.known(valid)).map((row) => [row.email, row]));
      await this.invitations.expire(valid);
      const results: InvitationResult[] = [];
      for (const email of valid)
        results.push(await this.inviteOne(by, email, role, known.get(email)));
      return results;
    });
    const others = (outcome: 'invalid' | 'repeated', emails: string[]): InvitationResult[] =>
      emails.map((email) => ({ email, outcome, invitationId: null }));
    return [...sent, ...others('invalid', invalid), ...others('repeated', repeatedIn(text))];
  }

  /**
   * What inviting every address in `text` comes to, once all who are invited have joined; null where it costs
   * nothing. Addresses that would not be invited do not count.
   */
  async costOf(text: string): Promise<AddedCost | null> {
    // Seats are known where they are paid for: elsewhere nothing costs.
    if (!this.entitlements.isOn || !currentActor()?.plan?.seats) return null;
    const { valid } = addressesIn(text);
    if (valid.length === 0 || valid.length > INVITATIONS_AT_ONCE) return null;
    const [known, pending] = await Promise.all([
      this.invitations.known(valid),
      this.invitations.pendingAmong(valid),
    ]);
    const belong = known.filter(({ belongs }) => belongs).map(({ email }) => email);
    const without = new Set([...belong, ...pending]);
    const more = valid.filter((email) => !without.has(email.toLowerCase())).length;
    return this.entitlements.costOfMore('members', more);
  }

  /**
   * Invites one address.
   * @throws DomainError `conflict` when it belongs to an organisation, or has a valid invitation here
   */
  async inviteAddress(by: Actor, email: string, role: Role): Promise<InvitationRow> {
    // Refuses text that is one address to a parser and several to another, such as `"a,b"@example.com`.
    if (addressesIn(email).valid[0] !== email) {
      throw new DomainError('invalid', 'validation.email', { field: 'email' });
    }
    const [result] = await this.invite(by, email, role);
    const { outcome, invitationId } = result!;
    const args = { email };
    if (outcome === 'belongs')
      throw new DomainError('conflict', 'members.errors.belongs', { field: 'email', args });
    if (outcome === 'pending') {
      throw new DomainError('conflict', 'members.errors.already_invited', {
        field: 'email',
        args,
      });
    }
    return this.get(invitationId!);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<InvitationRow> {
    const invitation = await this.invitations.find(id);
    if (!invitation) throw new DomainError('not_found', 'errors.not_found');
    return invitation;
  }

  among(ids: string[]): Promise<InvitationRow[]> {
    return this.invitations.among(ids);
  }

  /** Pending invitations of the organisation by address; `after`: the last address of the previous page. */
  async pending(query: {
    q?: string;
    after?: string;
    limit: number;
  }): Promise<{ invitations: InvitationRow[]; hasNext: boolean }> {
    const rows = await this.invitations.pending({ ...query, limit: query.limit + 1 });
    return { invitations: rows.slice(0, query.limit), hasNext: rows.length > query.limit };
  }

  /** Mails a new link and invalidates the old one. @throws DomainError `not_found`, `conflict` */
  async resend(by: Actor, id: string): Promise<InvitationRow> {
    return this.unitOfWork.run(async () => {
      const invitation = await this.locked(by, id);
      if (invitation.state !== 'pending') throw notPending();
      const [known] = await this.invitations.known([invitation.email]);
      if (known?.belongs) {
        const args = { email: invitation.email };
        throw new DomainError('conflict', 'members.errors.belongs', { args });
      }
      const { token, hash } = newToken();
      await this.invitations.renew(id, hash);
      await this.mail(by, invitation.email, token, known);
      await this.record('invitation.resent', invitation);
      return invitation;
    });
  }

  /** Cancels an invitation and its link. `cancelledAt`: for `restore`; null where it was not open. */
  async cancel(by: Actor, id: string): Promise<InvitationRow & { cancelledAt: string | null }> {
    return this.unitOfWork.run(async () => {
      const invitation = await this.locked(by, id);
      if (invitation.state === 'accepted') throw notPending();
      if (invitation.state !== 'pending') return { ...invitation, cancelledAt: null };
      const cancelledAt = await this.invitations.cancel(id);
      await this.record('invitation.cancelled', invitation);
      return { ...invitation, cancelledAt };
    });
  }

  /**
   * Takes a cancellation back, once: the link in the mail works again.
   * @throws DomainError `not_found`, `limit_reached`, and `conflict` where the invitation has changed since, would not be
   * valid any more, or its address was invited anew or belongs to an organisation by now
   */
  async restore(by: Actor, id: string, cancelledAt: string): Promise<InvitationRow> {
    return this.unitOfWork.run(async () => {
      const invitation = await this.locked(by, id);
      const { email } = invitation;
      if (invitation.role === 'admin') requireInPerson(by);
      const [known] = await this.invitations.known([email]);
      if (known?.belongs) {
        throw new DomainError('conflict', 'members.errors.belongs', { args: { email } });
      }
      if (!(await this.invitations.restore(id, cancelledAt))) {
        throw new DomainError('conflict', 'members.errors.not_restored', { args: { email } });
      }
      await this.requireRoom();
      await this.record('invitation.restored', invitation);
      return invitation;
    });
  }

  private async inviteOne(
    by: Actor,
    email: string,
    role: Role,
    known: KnownAddress | undefined,
  ): Promise<InvitationResult> {
    if (known?.belongs) return { email, outcome: 'belongs', invitationId: null };
    const { token, hash } = newToken();
    const invitation = { email, role, invitedById: personOf(by), tokenHash: hash };
    const id = await this.invitations.add(invitation);
    if (!id) {
      return { email, outcome: 'pending', invitationId: await this.invitations.pendingIdOf(email) };
    }
    await this.requireRoom();
    await this.mail(by, email, token, known);
    await this.record('invitation.created', { id, email }, { role: { from: null, to: role } });
    return { email, outcome: 'sent', invitationId: id };
  }

  /** For one that is among those that are pending by now. */
  private requireRoom(): Promise<void> {
    return this.entitlements.requireRoom('members', async () => {
      return (await this.invitations.countPending()) - 1;
    });
  }

  private async record(
    action: AuditAction,
    { id, email }: { id: string; email: string },
    changes: AuditChanges | null = null,
  ): Promise<void> {
    const subject = { kind: 'invitation', id, name: mask(email) };
    await this.audit.record({ action, subject, changes });
  }

  private async locked(by: Actor, id: string): Promise<InvitationRow> {
    await this.members.requireAdmin(by);
    const invitation = await this.invitations.lock(id);
    if (!invitation) throw new DomainError('not_found', 'errors.not_found');
    return invitation;
  }

  /** In the language of the account with that address, else of the inviting person. */
  private async mail(by: Actor, email: string, token: string, known?: KnownAddress) {
    const because = isApiKey(by)
      ? ('members.mail.invitation.because_organization' as const)
      : ('members.mail.invitation.because' as const);
    const model = {
      recipient: { kind: 'outsider' as const, because },
      url: this.mailer.link(`/invite/accept/${token}/`),
      inviter: isApiKey(by) ? (by.organization ?? '') : (by.displayName ?? by.email),
      organization: by.organization ?? '',
      logoUrl: by.logoKey ? this.mailer.link(`/media/${by.logoKey}`) : null,
      days: INVITATION_DAYS,
    };
    const locale = localeFromLanguage(known?.language) ?? undefined;
    await this.mailer.send(email, 'invitation', model, locale);
  }
}

function notPending(): DomainError {
  return new DomainError('conflict', 'members.errors.not_pending');
}

import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { Actor, Role } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { Entitlements } from '../../core/entitlements/entitlements.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requireInPerson } from '../../core/http/access/require-in-person.js';
import { localeFromLanguage } from '../../core/i18n/locales.js';
import { Mailer } from '../../core/mail/mailer.js';
import { RateLimiter } from '../../core/http/security/rate-limiter.js';
import { hashToken, looksLikeToken, newToken } from '../../users/access-tokens/tokens.js';
import { INVITATION_DAYS } from '../invitations/invitation.entity.js';
import { InvitationsRepository } from '../invitations/invitations.repository.js';
import { MembersRepository } from '../members.repository.js';
import { MembersService } from '../members.service.js';
import {
  InvitationLinksRepository,
  type InvitationLinkRow,
  type OpenedLink,
} from './invitation-links.repository.js';
import { domainOf } from './mail-domains.js';

export interface LinkDetails {
  role: Role;
  domains: string[];
  maxUses: number;
  days: number;
}

/** Maximum number of links of one organisation that open something at a time. */
export const MOST_LINKS = 20;

/**
 * Links by which several people join. Whoever opens one gives an address and is mailed an invitation: the mailed link
 * proves the address, and accepting it takes one of the uses (`AcceptanceService`).
 */
@Injectable()
export class InvitationLinksService {
  constructor(
    private readonly links: InvitationLinksRepository,
    private readonly invitations: InvitationsRepository,
    private readonly members: MembersService,
    private readonly organisation: MembersRepository,
    private readonly entitlements: Entitlements,
    private readonly mailer: Mailer,
    private readonly limiter: RateLimiter,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  listed(): Promise<InvitationLinkRow[]> {
    return this.links.listed();
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<InvitationLinkRow> {
    const link = await this.links.find(id);
    if (!link) throw new DomainError('not_found', 'errors.not_found');
    return link;
  }

  /** Makes a link and returns its address, which cannot be shown again. @throws DomainError `conflict` */
  async create(by: Actor, details: LinkDetails): Promise<{ link: InvitationLinkRow; url: string }> {
    if (details.role === 'admin') requireInPerson(by);
    const { token, hash } = newToken();
    const id = await this.unitOfWork.run(async () => {
      await this.members.requireAdmin(by);
      if ((await this.links.countLive()) >= MOST_LINKS) {
        const args = { max: MOST_LINKS };
        throw new DomainError('conflict', 'members.errors.too_many_links', { args });
      }
      const made = await this.links.add({ ...details, tokenHash: hash });
      const { role, domains, maxUses } = details;
      await this.audit.record({
        action: 'invitation_link.created',
        subject: { kind: 'invitation_link', id: made, name: null },
        changes: {
          role: { from: null, to: role },
          max_uses: { from: null, to: maxUses },
          ...(domains.length > 0 ? { domains: { from: null, to: domains.join(', ') } } : {}),
        },
      });
      return made;
    });
    return { link: await this.get(id), url: this.mailer.link(`/invite/link/${token}/`) };
  }

  /** Ends a link; who joined through it stays. Revoking again changes nothing. @throws DomainError `not_found` */
  async revoke(by: Actor, id: string): Promise<void> {
    await this.get(id);
    await this.unitOfWork.run(async () => {
      await this.members.requireAdmin(by);
      if (!(await this.links.revoke(id))) return;
      const subject = { kind: 'invitation_link', id, name: null };
      await this.audit.record({ action: 'invitation_link.revoked', subject });
    });
  }

  /** The link of a token; null for one that opens nothing. Changes nothing. */
  async opened(token: string): Promise<OpenedLink | null> {
    const link = looksLikeToken(token) ? await this.links.opened(hashToken(token)) : null;
    return link?.isLive ? link : null;
  }

  /**
   * Mails an invitation to an address, unless it belongs to an organisation: who asks is not told which. Asking again
   * mails another link, a few times an hour.
   * @throws DomainError `gone`, `limit_reached`, `invalid` for an address of another domain
   */
  async ask(token: string, email: string): Promise<void> {
    const link = await this.opened(token);
    if (!link) throw new DomainError('gone', 'users.errors.invalid_link');
    if (link.domains.length > 0 && !link.domains.includes(domainOf(email))) {
      const args = { domains: link.domains.join(', ') };
      throw new DomainError('invalid', 'members.errors.other_domain', { field: 'email', args });
    }
    if (!(await this.limiter.mayMail('link_mail', email))) return;
    const mailed = newToken();
    await this.unitOfWork.run(async () => {
      await this.unitOfWork.switchTenant(link.tenantId);
      if (!(await this.organisation.isOpen())) {
        throw new DomainError('gone', 'users.errors.invalid_link');
      }
      // For every address, so that the answer does not tell who belongs here.
      await this.entitlements.requireRoom('members', () => this.invitations.countPending());
      const [known] = await this.invitations.known([email]);
      if (known?.belongs) return;
      if (!(await this.invite(link, email, mailed.hash))) return;
      const locale = localeFromLanguage(known?.language) ?? undefined;
      await this.mailer.send(email, 'invitation', this.mailModel(link, mailed.token), locale);
    });
  }

  /** False where an admin invited the address: that invitation stays as it is. */
  private async invite(link: OpenedLink, email: string, tokenHash: Buffer): Promise<boolean> {
    await this.invitations.expire([email]);
    const { id: linkId, role, createdBy } = link;
    const added = await this.invitations.add({
      ...{ email, role, tokenHash, linkId },
      invitedById: createdBy,
    });
    return added !== null || this.invitations.renewOfLink(email, linkId, tokenHash);
  }

  private mailModel({ organization, logoKey }: OpenedLink, token: string) {
    const because = 'members.mail.invitation.because_link' as const;
    return {
      recipient: { kind: 'outsider' as const, because },
      url: this.mailer.link(`/invite/accept/${token}/`),
      inviter: organization,
      organization,
      logoUrl: logoKey ? this.mailer.link(`/media/${logoKey}`) : null,
      days: INVITATION_DAYS,
    };
  }
}

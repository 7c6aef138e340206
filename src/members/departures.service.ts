import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { Entitlements } from '../core/entitlements/entitlements.js';
import { DomainError } from '../core/errors/domain-error.js';
import { localeFromLanguage } from '../core/i18n/locales.js';
import { Mailer } from '../core/mail/mailer.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { InvitationsRepository } from './invitations/invitations.repository.js';
import { MembersRepository } from './members.repository.js';
import { SessionsRepository } from '../users/sessions/sessions.repository.js';
import { identityRole } from '../core/database/privileged/identity.role.js';

/** The person whose account is to be closed. */
export interface Departing {
  userId: string;
  email: string;
}

/**
 * Consequences of closing an account for its organisation: it keeps an active admin with an open account, or
 * is closed. The triggers `keep_an_admin` and `close_or_reopen` enforce the same.
 */
@Injectable()
export class Departures {
  constructor(
    private readonly members: MembersRepository,
    private readonly tenants: TenantsService,
    private readonly sessions: SessionsRepository,
    private readonly invitations: InvitationsRepository,
    private readonly mailer: Mailer,
    private readonly entitlements: Entitlements,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Within a unit of work of the organisation, before the account is closed. Closes the organisation when
   * nobody else is active; true when colleagues remain.
   * @throws DomainError `conflict` for the only admin among other active members
   */
  async depart({ userId, email }: Departing): Promise<boolean> {
    await this.members.lockOrganisationForLeaving();
    const left = await this.members.without(userId);
    if (!left.anyone) {
      await this.closeOrganisation(email);
      return false;
    }
    if (left.wasAdmin && !left.anAdmin) {
      throw new DomainError('conflict', 'members.errors.last_admin');
    }
    await this.entitlements.changed('members');
    return true;
  }

  private async closeOrganisation(email: string): Promise<void> {
    const organization = await this.tenants.close();
    if (organization === null) return;
    const { tenantId } = this.unitOfWork;
    await this.unitOfWork.runAs(identityRole, () => this.sessions.endAllIn(tenantId!));
    const [known] = await this.invitations.known([email]);
    const locale = localeFromLanguage(known?.language) ?? undefined;
    await this.mailer.send(email, 'organisation-closed', { organization }, locale);
  }
}

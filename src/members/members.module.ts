import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdministrationRepository } from './administration/administration.repository.js';
import { MemberAdministration } from './administration/member-administration.service.js';
import { SessionAdmin } from './administration/session.admin.js';
import { UserAdministration } from './administration/user-administration.service.js';
import { UserAdmin } from './administration/user.admin.js';
import { BulkActionsRepository } from './bulk/bulk-actions.repository.js';
import { BulkActions } from './bulk/bulk-actions.service.js';
import { BulkPageController } from './bulk/bulk.page.controller.js';
import { Departures } from './departures.service.js';
import { AcceptanceService } from './invitations/acceptance.service.js';
import { InvitationAdmin } from './invitations/invitation.admin.js';
import { Invitation } from './invitations/invitation.entity.js';
import { InvitationLink } from './invitation-links/invitation-link.entity.js';
import { InvitationLinksApiController } from './invitation-links/invitation-links.api.controller.js';
import { InvitationLinksPageController } from './invitation-links/invitation-links.page.controller.js';
import { InvitationLinksRepository } from './invitation-links/invitation-links.repository.js';
import { InvitationLinksService } from './invitation-links/invitation-links.service.js';
import { JoinByLinkPageController } from './invitation-links/join-by-link.page.controller.js';
import { HandOverApiController } from './hand-over/hand-over.api.controller.js';
import { HandOverPageController } from './hand-over/hand-over.page.controller.js';
import { HandOver } from './hand-over/hand-over.service.js';
import { InvitationPageController } from './invitations/invitation.page.controller.js';
import { InvitationsApiController } from './invitations/invitations.api.controller.js';
import { AdminMails } from './admin-mails.service.js';
import { InvitationsExport } from './invitations/invitations-export.js';
import { InvitationsRepository } from './invitations/invitations.repository.js';
import { InvitationsService } from './invitations/invitations.service.js';
import { Inviting } from './invitations/inviting.js';
import { MemberOptions } from './member-options.js';
import { MembersExport } from './members-export.js';
import { MembersPage } from './members-page.js';
import { MembersApiController } from './members.api.controller.js';
import { MembersPageController } from './members.page.controller.js';
import { MembersRepository } from './members.repository.js';
import { MembersSearch } from './members.search.js';
import { MembersService } from './members.service.js';
import { MembershipsService } from './memberships.service.js';
import { InviteTeamPageController } from './onboarding/invite-team.page.controller.js';
import { CreateTenantPageController } from './onboarding/create-tenant.page.controller.js';

@Module({
  imports: [TypeOrmModule.forFeature([Invitation, InvitationLink]), UsersModule, TenantsModule],
  controllers: [
    BulkPageController,
    CreateTenantPageController,
    HandOverApiController,
    HandOverPageController,
    InviteTeamPageController,
    InvitationLinksPageController,
    InvitationPageController,
    // The API is documented in this order.
    InvitationsApiController,
    InvitationLinksApiController,
    JoinByLinkPageController,
    MembersApiController,
    MembersPageController,
  ],
  providers: [
    AcceptanceService,
    AdminMails,
    AdministrationRepository,
    BulkActions,
    BulkActionsRepository,
    Departures,
    HandOver,
    InvitationAdmin,
    InvitationLinksRepository,
    InvitationLinksService,
    InvitationsExport,
    InvitationsRepository,
    InvitationsService,
    Inviting,
    MemberAdministration,
    MemberOptions,
    MembersExport,
    MembersRepository,
    MembersSearch,
    MembersService,
    MembershipsService,
    SessionAdmin,
    UserAdmin,
    UserAdministration,
    MembersPage,
  ],
  exports: [
    AdminMails,
    AdministrationRepository,
    Departures,
    MemberAdministration,
    MemberOptions,
    MembersService,
    MembershipsService,
  ],
})
export class MembersModule {}

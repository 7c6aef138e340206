import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TenantsModule } from '../tenants/tenants.module.js';
import { AccessTokensService } from './access-tokens/access-tokens.service.js';
import { AdministrationRepository } from '../members/administration/administration.repository.js';
import { AcceptanceService } from '../members/invitations/acceptance.service.js';
import { AccountRecoveryService } from './links/account-recovery.service.js';
import { AccountService } from '../profile/account.service.js';
import { Departures } from '../members/departures.service.js';
import { EmailLinksService } from './links/email-links.service.js';
import { ImpersonationRepository } from '../impersonation/impersonation.repository.js';
import { ImpersonationService } from '../impersonation/impersonation.service.js';
import { Invitation } from '../members/invitations/invitation.entity.js';
import { InvitationsRepository } from '../members/invitations/invitations.repository.js';
import { InvitationsService } from '../members/invitations/invitations.service.js';
import { MemberAdministration } from '../members/administration/member-administration.service.js';
import { MembersRepository } from '../members/members.repository.js';
import { MembersService } from '../members/members.service.js';
import { MembershipsService } from '../members/memberships.service.js';
import { OwnershipRepository } from './links/ownership.repository.js';
import { OwnershipService } from './links/ownership.service.js';
import { NoticeLinks } from './links/notice-links.js';
import { PeopleDataParts } from '../members/people-data-parts.js';
import { PasswordService } from './passwords/password.service.js';
import { Passwords } from './passwords/passwords.js';
import { PrincipalsRepository } from './sessions/principals.repository.js';
import { PurgeRepository } from './sessions/purge.repository.js';
import { PurgeService } from './sessions/purge.service.js';
import { ProfilesRepository } from './profiles.repository.js';
import { ProfilesService } from '../profile/profiles.service.js';
import { RegistrationService } from './sign-in/registration.service.js';
import { Session } from './sessions/session.entity.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { StaffService } from './staff.service.js';
import { UserAdministration } from '../members/administration/user-administration.service.js';
import { UserProfile } from './user-profile.entity.js';
import { UserToken } from './links/user-token.entity.js';
import { SigningKeys } from './access-tokens/signing-keys.js';
import { SigningKeysRepository } from './access-tokens/signing-keys.repository.js';
import { User } from './user.entity.js';
import { UserTokensRepository } from './links/user-tokens.repository.js';
import { UsersRepository } from './users.repository.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([User, UserProfile, Session, UserToken, Invitation]),
    JwtModule.register({}),
    TenantsModule,
  ],
  providers: [
    Passwords,
    UsersRepository,
    PrincipalsRepository,
    ProfilesRepository,
    SessionsRepository,
    UserTokensRepository,
    MembersRepository,
    InvitationsRepository,
    AcceptanceService,
    AccountRecoveryService,
    AccountService,
    AdministrationRepository,
    Departures,
    EmailLinksService,
    ImpersonationRepository,
    ImpersonationService,
    InvitationsService,
    MemberAdministration,
    MembersService,
    MembershipsService,
    NoticeLinks,
    OwnershipRepository,
    OwnershipService,
    PasswordService,
    PeopleDataParts,
    ProfilesService,
    PurgeRepository,
    PurgeService,
    RegistrationService,
    SessionsService,
    SignInService,
    StaffService,
    UserAdministration,
    AccessTokensService,
    SigningKeys,
    SigningKeysRepository,
  ],
  exports: [
    AccessTokensService,
    AcceptanceService,
    AccountRecoveryService,
    AccountService,
    EmailLinksService,
    ImpersonationService,
    InvitationsService,
    MemberAdministration,
    MembersService,
    MembershipsService,
    OwnershipService,
    PasswordService,
    ProfilesService,
    PurgeService,
    RegistrationService,
    SessionsService,
    SignInService,
    SigningKeys,
    StaffService,
    UserAdministration,
  ],
})
export class UsersModule {}

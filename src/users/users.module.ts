import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TenantsModule } from '../tenants/tenants.module.js';
import { AccessTokensService } from './access-tokens.service.js';
import { AdministrationRepository } from './administration.repository.js';
import { AcceptanceService } from './acceptance.service.js';
import { AccountRecoveryService } from './account-recovery.service.js';
import { AccountService } from './account.service.js';
import { Departures } from './departures.service.js';
import { EmailLinksService } from './email-links.service.js';
import { ImpersonationRepository } from './impersonation.repository.js';
import { ImpersonationService } from './impersonation.service.js';
import { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationsService } from './invitations.service.js';
import { MemberAdministration } from './member-administration.service.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';
import { MembershipsService } from './memberships.service.js';
import { OwnershipRepository } from './ownership.repository.js';
import { OwnershipService } from './ownership.service.js';
import { NoticeLinks } from './notice-links.js';
import { PeopleDataParts } from './people-data-parts.js';
import { PasswordService } from './password.service.js';
import { Passwords } from './passwords.js';
import { PrincipalsRepository } from './principals.repository.js';
import { PurgeRepository } from './purge.repository.js';
import { PurgeService } from './purge.service.js';
import { ProfilesRepository } from './profiles.repository.js';
import { ProfilesService } from './profiles.service.js';
import { RegistrationService } from './registration.service.js';
import { Session } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { StaffService } from './staff.service.js';
import { UserAdministration } from './user-administration.service.js';
import { UserProfile } from './user-profile.entity.js';
import { UserToken } from './user-token.entity.js';
import { SigningKeys } from './signing-keys.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { User } from './user.entity.js';
import { UserTokensRepository } from './user-tokens.repository.js';
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

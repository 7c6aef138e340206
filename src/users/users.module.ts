import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokensService } from './access-tokens/access-tokens.service.js';
import { JwksController } from './access-tokens/jwks.controller.js';
import { SigningKeys } from './access-tokens/signing-keys.js';
import { SigningKeysRepository } from './access-tokens/signing-keys.repository.js';
import { AccountRecoveryService } from './links/account-recovery.service.js';
import { EmailLinkPageController } from './links/email-link.page.controller.js';
import { EmailLinksService } from './links/email-links.service.js';
import { NotMePageController } from './links/not-me.page.controller.js';
import { NoticeLinks } from './links/notice-links.js';
import { OwnershipRepository } from './links/ownership.repository.js';
import { OwnershipService } from './links/ownership.service.js';
import { UserToken } from './links/user-token.entity.js';
import { UserTokensRepository } from './links/user-tokens.repository.js';
import { PasswordResetPageController } from './passwords/password-reset.page.controller.js';
import { PasswordService } from './passwords/password.service.js';
import { BreachedPasswords } from './passwords/breached-passwords.js';
import { Passwords } from './passwords/passwords.js';
import { ProfilesRepository } from './profiles.repository.js';
import { PrincipalsRepository } from './sessions/principals.repository.js';
import { RetentionRepository } from './sessions/retention.repository.js';
import { RetentionService } from './sessions/retention.service.js';
import { Session } from './sessions/session.entity.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { AuthApiController } from './sign-in/auth.api.controller.js';
import { LoginPageController } from './sign-in/login.page.controller.js';
import { RegisterPageController } from './sign-in/register.page.controller.js';
import { FactorReset } from './second-factors/factor-reset.service.js';
import { PendingSignInsRepository } from './second-factors/pending-sign-ins.repository.js';
import { SecondFactorApiController } from './second-factors/second-factor.api.controller.js';
import { SecondFactorPage } from './second-factors/second-factor-page.js';
import { SecondFactorPageController } from './second-factors/second-factor.page.controller.js';
import { SecondFactorSignIn } from './second-factors/second-factor-sign-in.service.js';
import { SecondFactors } from './second-factors/second-factors.js';
import { StepUpPageController } from './second-factors/step-up.page.controller.js';
import { StepUpService } from './second-factors/step-up.service.js';
import { RegistrationService } from './sign-in/registration.service.js';
import { MembershipRelease } from './membership-release.service.js';
import { NewDeviceNotices } from './sign-in/new-device-notices.js';
import { SessionOpening } from './sign-in/session-opening.js';
import { SignedInAnswer } from './sign-in/signed-in-answer.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { StaffService } from './staff.service.js';
import { UserProfile } from './user-profile.entity.js';
import { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([Session, User, UserProfile, UserToken]),
    JwtModule.register({}),
  ],
  controllers: [
    AuthApiController,
    EmailLinkPageController,
    JwksController,
    LoginPageController,
    NotMePageController,
    PasswordResetPageController,
    RegisterPageController,
    SecondFactorApiController,
    SecondFactorPageController,
    StepUpPageController,
  ],
  providers: [
    AccessTokensService,
    AccountRecoveryService,
    BreachedPasswords,
    EmailLinksService,
    FactorReset,
    MembershipRelease,
    NewDeviceNotices,
    NoticeLinks,
    OwnershipRepository,
    OwnershipService,
    PasswordService,
    Passwords,
    PendingSignInsRepository,
    PrincipalsRepository,
    ProfilesRepository,
    RetentionRepository,
    RetentionService,
    RegistrationService,
    SecondFactorPage,
    SecondFactorSignIn,
    SecondFactors,
    SessionOpening,
    SessionsRepository,
    SessionsService,
    SignInService,
    SignedInAnswer,
    SigningKeys,
    SigningKeysRepository,
    StaffService,
    StepUpService,
    UserTokensRepository,
    UsersRepository,
  ],
  exports: [
    AccessTokensService,
    EmailLinksService,
    FactorReset,
    MembershipRelease,
    NewDeviceNotices,
    NoticeLinks,
    OwnershipService,
    PasswordService,
    Passwords,
    ProfilesRepository,
    SecondFactorSignIn,
    SecondFactors,
    SessionOpening,
    SessionsRepository,
    SessionsService,
    SignInService,
    SignedInAnswer,
    SigningKeys,
    StepUpService,
    UsersRepository,
  ],
})
export class UsersModule {}

import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { Visitor } from '../core/http/visitor.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApiVisitor } from './api-visitor.js';
import { BearerStrategy } from './bearer.strategy.js';
import { BrowserVisitor } from './browser-visitor.js';
import { EmailLinkPageController } from './email-link.page.controller.js';
import { InvitationPageController } from './invitation.page.controller.js';
import { LoginPageController } from './login.page.controller.js';
import { NotMePageController } from './not-me.page.controller.js';
import { OnBehalfPageController } from './on-behalf.page.controller.js';
import { PasswordResetPageController } from './password-reset.page.controller.js';
import { RegisterPageController } from './register.page.controller.js';
import { VisitorByPath } from './visitor-by-path.js';

@Global()
@Module({
  imports: [TenantsModule, UsersModule, JwtModule.register({})],
  controllers: [
    RegisterPageController,
    LoginPageController,
    PasswordResetPageController,
    EmailLinkPageController,
    NotMePageController,
    InvitationPageController,
    OnBehalfPageController,
  ],
  providers: [
    ApiVisitor,
    BearerStrategy,
    BrowserVisitor,
    { provide: Visitor, useClass: VisitorByPath },
  ],
  exports: [Visitor],
})
export class AuthModule {}

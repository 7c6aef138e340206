import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { Authenticator } from '../core/http/access/authenticator.js';
import { ImpersonationModule } from '../impersonation/impersonation.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApiAuthenticator } from './api-authenticator.js';
import { BearerStrategy } from './bearer.strategy.js';
import { BrowserAuthenticator } from './browser-authenticator.js';
import { LogoutPageController } from './logout.page.controller.js';
import { RequestAuthenticator } from './request-authenticator.js';

/** Global: the access guard authenticates every route. */
@Global()
@Module({
  imports: [JwtModule.register({}), UsersModule, ApiKeysModule, ImpersonationModule],
  controllers: [LogoutPageController],
  providers: [
    ApiAuthenticator,
    BearerStrategy,
    BrowserAuthenticator,
    { provide: Authenticator, useClass: RequestAuthenticator },
  ],
  exports: [Authenticator],
})
export class AuthenticationModule {}

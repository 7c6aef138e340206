import { Module } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApiDocument } from './api-document.js';
import { AuthApiController } from './auth.api.controller.js';
import { DocsController } from './docs.controller.js';
import { InvitationsApiController } from './invitations.api.controller.js';
import { JwksController } from './jwks.controller.js';
import { MeApiController } from './me.api.controller.js';
import { MePresenter } from './me.dto.js';
import { MembersApiController } from './members.api.controller.js';
import { OnboardingApiController } from './onboarding.api.controller.js';
import { ReferenceApiController } from './reference.api.controller.js';
import { SessionsApiController } from './sessions.api.controller.js';
import { TenantApiController } from './tenant.api.controller.js';

@Module({
  imports: [TenantsModule, UsersModule],
  controllers: [
    AuthApiController,
    DocsController,
    InvitationsApiController,
    JwksController,
    MeApiController,
    MembersApiController,
    OnboardingApiController,
    ReferenceApiController,
    SessionsApiController,
    TenantApiController,
  ],
  providers: [ApiDocument, MePresenter],
  exports: [ApiDocument],
})
export class ApiModule {}

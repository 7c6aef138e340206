import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BillingModule } from '../billing/billing.module.js';
import { MembersModule } from '../members/members.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { ClosureAdmin } from './closure.admin.js';
import { ClosureAdministration } from './closure-administration.service.js';
import { ClosureApiController } from './closure.api.controller.js';
import { ClosureReminders } from './closure-reminders.service.js';
import { ClosurePageController } from './closure.page.controller.js';
import { ClosureRepository } from './closure.repository.js';
import { ClosureService } from './closure.service.js';
import { ErasureRepository } from './erasure/erasure.repository.js';
import { Erasure } from './erasure/erasure.service.js';
import { OrganisationErasureAdmin } from './erasure/organisation-erasure.admin.js';
import { OrganisationErasure } from './erasure/organisation-erasure.entity.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([OrganisationErasure]),
    BillingModule,
    MembersModule,
    TenantsModule,
    UsersModule,
    WebhooksModule,
  ],
  controllers: [ClosureApiController, ClosurePageController],
  providers: [
    ClosureAdmin,
    ClosureAdministration,
    ClosureReminders,
    ClosureRepository,
    ClosureService,
    Erasure,
    ErasureRepository,
    OrganisationErasureAdmin,
  ],
})
export class ClosureModule {}

import { Module } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApiKeysPageController } from '../api-keys/api-keys.page.controller.js';
import { ActivityPageController } from '../audit/activity.page.controller.js';
import { BillingPageController } from '../billing/billing.page.controller.js';
import { DataPageController } from '../tenants/export/data.page.controller.js';
import { GeneralPageController } from '../tenants/general.page.controller.js';
import { SettingsPageController } from './settings.page.controller.js';
import { UsersPage } from '../members/members-page.js';
import { UsersPageController } from '../members/members.page.controller.js';

@Module({
  imports: [TenantsModule, UsersModule],
  controllers: [
    SettingsPageController,
    UsersPageController,
    GeneralPageController,
    ApiKeysPageController,
    ActivityPageController,
    BillingPageController,
    DataPageController,
  ],
  providers: [UsersPage],
})
export class SettingsModule {}

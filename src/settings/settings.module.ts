import { Module } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { UsersModule } from '../users/users.module.js';
import { ApiKeysPageController } from './api-keys.page.controller.js';
import { ActivityPageController } from './activity.page.controller.js';
import { BillingPageController } from './billing.page.controller.js';
import { DataPageController } from './data.page.controller.js';
import { GeneralPageController } from './general.page.controller.js';
import { SettingsPageController } from './settings.page.controller.js';
import { UsersPage } from './users-page.js';
import { UsersPageController } from './users.page.controller.js';

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

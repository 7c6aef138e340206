import { Module } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { DevBillingPageController } from './dev-billing.page.controller.js';
import { DevComponentsPageController } from './dev-components.page.controller.js';
import { DevMailPageController } from './dev-mail.page.controller.js';

@Module({
  imports: [BillingModule],
  controllers: [DevBillingPageController, DevComponentsPageController, DevMailPageController],
})
export class DevModule {}

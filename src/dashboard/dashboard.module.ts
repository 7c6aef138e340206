import { Module } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { DeadlinesModule } from '../deadlines/deadlines.module.js';
import { MembersModule } from '../members/members.module.js';
import { DashboardPageController } from './dashboard.page.controller.js';

@Module({
  imports: [BillingModule, DeadlinesModule, MembersModule],
  controllers: [DashboardPageController],
})
export class DashboardModule {}

import { Module } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { DeadlinesModule } from '../deadlines/deadlines.module.js';
import { MembersModule } from '../members/members.module.js';
import { ChecklistPageController } from './checklist.page.controller.js';
import { ChecklistRepository } from './checklist.repository.js';
import { Checklist } from './checklist.service.js';
import { DashboardPageController } from './dashboard.page.controller.js';

@Module({
  imports: [BillingModule, DeadlinesModule, MembersModule],
  controllers: [ChecklistPageController, DashboardPageController],
  providers: [Checklist, ChecklistRepository],
})
export class DashboardModule {}

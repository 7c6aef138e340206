import { Module } from '@nestjs/common';
import { BillingModule } from '../billing/billing.module.js';
import { MembersModule } from '../members/members.module.js';
import { AgendaRepository } from './agenda.repository.js';
import { Agenda } from './agenda.service.js';
import { DashboardPageController } from './dashboard.page.controller.js';

@Module({
  imports: [BillingModule, MembersModule],
  controllers: [DashboardPageController],
  providers: [Agenda, AgendaRepository],
})
export class DashboardModule {}

import { Module } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { AgendaRepository } from './agenda.repository.js';
import { Agenda } from './agenda.service.js';
import { DeadlineReminders } from './deadline-reminders.service.js';

@Module({
  imports: [TenantsModule],
  providers: [Agenda, AgendaRepository, DeadlineReminders],
  exports: [Agenda],
})
export class DeadlinesModule {}

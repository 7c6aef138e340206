import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivityCsv } from './activity-csv.js';
import { ActivityRepository } from './activity.repository.js';
import { Activity } from './activity.service.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditRetentionRepository } from './audit-retention.repository.js';
import { AuditRetention } from './audit-retention.service.js';
import { AuditRepository } from './audit.repository.js';
import { AuditTrail } from './audit-trail.service.js';

/** Global: every use case of every room records what it changed. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([AuditEntry])],
  providers: [
    AuditRepository,
    AuditTrail,
    AuditRetentionRepository,
    AuditRetention,
    ActivityRepository,
    Activity,
    ActivityCsv,
  ],
  exports: [ActivityRepository, AuditTrail, AuditRetention, Activity, ActivityCsv],
})
export class AuditModule {}

import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RecordHistory } from '../core/back-office/ports/record-history.js';
import { ActivityCsv } from './activity-csv.js';
import { ActivityExport } from './activity-export.js';
import { ActivityPageController } from './activity.page.controller.js';
import { ActivityRepository } from './activity.repository.js';
import { Activity } from './activity.service.js';
import { AuditEntryAdmin } from './audit-entry.admin.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditRecordHistory } from './audit-record-history.js';
import { AuditRedactionRepository } from './redaction/audit-redaction.repository.js';
import { AuditRedaction } from './redaction/audit-redaction.service.js';
import { AuditRetentionRepository } from './audit-retention.repository.js';
import { AuditRetention } from './audit-retention.service.js';
import { AuditTrail } from './audit-trail.service.js';
import { AuditRepository } from './audit.repository.js';

/** Global: every feature records audit entries. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([AuditEntry])],
  controllers: [ActivityPageController],
  providers: [
    { provide: RecordHistory, useClass: AuditRecordHistory },
    Activity,
    ActivityCsv,
    ActivityExport,
    ActivityRepository,
    AuditEntryAdmin,
    AuditRedaction,
    AuditRedactionRepository,
    AuditRepository,
    AuditRetention,
    AuditRetentionRepository,
    AuditTrail,
  ],
  exports: [
    RecordHistory,
    Activity,
    ActivityRepository,
    AuditRedaction,
    AuditRetention,
    AuditTrail,
  ],
})
export class AuditModule {}

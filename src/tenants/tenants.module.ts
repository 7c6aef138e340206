import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataPageController } from './export/data.page.controller.js';
import { ExportParts } from './export/export-parts.js';
import { SettingsExport } from './export/settings-export.js';
import { TenantExport } from './export/tenant-export.entity.js';
import { TenantExportsRepository } from './export/tenant-exports.repository.js';
import { TenantExportsService } from './export/tenant-exports.service.js';
import { TenantJob } from './jobs/tenant-job.entity.js';
import { TenantJobsRepository } from './jobs/tenant-jobs.repository.js';
import { TenantJobs } from './jobs/tenant-jobs.service.js';
import { GeneralPageController } from './general.page.controller.js';
import { TenantAdministration } from './tenant-administration.service.js';
import { TenantAdmin } from './tenant.admin.js';
import { TenantApiController } from './tenant.api.controller.js';
import { Tenant } from './tenant.entity.js';
import { TenantsRepository } from './tenants.repository.js';
import { TenantsService } from './tenants.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Tenant, TenantExport, TenantJob])],
  controllers: [DataPageController, GeneralPageController, TenantApiController],
  providers: [
    ExportParts,
    SettingsExport,
    TenantAdmin,
    TenantAdministration,
    TenantExportsRepository,
    TenantJobsRepository,
    TenantExportsService,
    TenantJobs,
    TenantsRepository,
    TenantsService,
  ],
  exports: [TenantJobs, TenantsService],
})
export class TenantsModule {}

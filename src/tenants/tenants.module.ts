import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataParts } from './export/data-parts.js';
import { DataPageController } from './export/data.page.controller.js';
import { OwnDataParts } from './export/own-data-parts.js';
import { TenantExport } from './export/tenant-export.entity.js';
import { TenantExportsRepository } from './export/tenant-exports.repository.js';
import { TenantExportsService } from './export/tenant-exports.service.js';
import { GeneralPageController } from './general.page.controller.js';
import { TenantAdministration } from './tenant-administration.service.js';
import { TenantAdmin } from './tenant.admin.js';
import { TenantApiController } from './tenant.api.controller.js';
import { Tenant } from './tenant.entity.js';
import { TenantsRepository } from './tenants.repository.js';
import { TenantsService } from './tenants.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Tenant, TenantExport])],
  controllers: [DataPageController, GeneralPageController, TenantApiController],
  providers: [
    DataParts,
    OwnDataParts,
    TenantAdmin,
    TenantAdministration,
    TenantExportsRepository,
    TenantExportsService,
    TenantsRepository,
    TenantsService,
  ],
  exports: [DataParts, TenantsService],
})
export class TenantsModule {}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataParts } from './export/data-parts.js';
import { OwnDataParts } from './export/own-data-parts.js';
import { TenantExport } from './export/tenant-export.entity.js';
import { TenantExportsRepository } from './export/tenant-exports.repository.js';
import { TenantExportsService } from './export/tenant-exports.service.js';
import { ApiKey } from '../api-keys/api-key.entity.js';
import { ApiKeysRepository } from '../api-keys/api-keys.repository.js';
import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { Tenant } from './tenant.entity.js';
import { TenantsRepository } from './tenants.repository.js';
import { TenantAdministration } from './tenant-administration.service.js';
import { TenantsService } from './tenants.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Tenant, ApiKey, TenantExport])],
  providers: [
    ApiKeysRepository,
    ApiKeysService,
    DataParts,
    OwnDataParts,
    TenantAdministration,
    TenantExportsRepository,
    TenantExportsService,
    TenantsRepository,
    TenantsService,
  ],
  exports: [ApiKeysService, DataParts, TenantAdministration, TenantExportsService, TenantsService],
})
export class TenantsModule {}

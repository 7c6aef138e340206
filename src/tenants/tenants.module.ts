import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataParts } from './data-parts.js';
import { OwnDataParts } from './own-data-parts.js';
import { TenantExport } from './tenant-export.entity.js';
import { TenantExportsRepository } from './tenant-exports.repository.js';
import { TenantExportsService } from './tenant-exports.service.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { Tenant } from './tenant.entity.js';
import { TenantsRepository } from './tenants.repository.js';
import { TenantsService } from './tenants.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Tenant, ApiKey, TenantExport])],
  providers: [
    ApiKeysRepository,
    ApiKeysService,
    DataParts,
    OwnDataParts,
    TenantExportsRepository,
    TenantExportsService,
    TenantsRepository,
    TenantsService,
  ],
  exports: [ApiKeysService, DataParts, TenantExportsService, TenantsService],
})
export class TenantsModule {}

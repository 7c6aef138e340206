import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TenantsModule } from '../tenants/tenants.module.js';
import { ExportWorker } from './export.worker.js';
import { ExportsRepository } from './exports.repository.js';
import { ExportsService } from './exports.service.js';
import { TenantExport } from './tenant-export.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([TenantExport]), TenantsModule],
  providers: [ExportsRepository, ExportsService, ExportWorker],
  exports: [ExportsService],
})
export class ExportsModule {}

import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivityPart } from './activity.part.js';
import { SettingsPart } from './settings.part.js';
import { TenantData } from './tenant-data.js';
import { Tenant } from './tenant.entity.js';
import { TenantsRepository } from './tenants.repository.js';
import { TenantsService } from './tenants.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Tenant])],
  providers: [TenantsRepository, TenantsService, TenantData, SettingsPart, ActivityPart],
  exports: [TenantsService, TenantData],
})
export class TenantsModule {}

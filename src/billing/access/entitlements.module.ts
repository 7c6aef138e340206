import { Global, Module } from '@nestjs/common';
import { Entitlements } from '../../core/entitlements/entitlements.js';
import { PlanEntitlements } from './plan-entitlements.js';
import { TenantPlansRepository } from './tenant-plans.repository.js';

/** Global: every feature asks what an organisation has bought. */
@Global()
@Module({
  providers: [
    PlanEntitlements,
    { provide: Entitlements, useExisting: PlanEntitlements },
    TenantPlansRepository,
  ],
  exports: [Entitlements, PlanEntitlements, TenantPlansRepository],
})
export class EntitlementsModule {}

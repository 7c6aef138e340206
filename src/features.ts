import type { DynamicModule, Type } from '@nestjs/common';
import { AdminModule } from './admin/admin.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthenticationModule } from './authentication/authentication.module.js';
import { BillingModule } from './billing/billing.module.js';
import type { AppConfig } from './core/config/config.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { DevModule } from './dev/dev.module.js';
import { FlagsModule } from './flags/flags.module.js';
import { HealthModule } from './health/health.module.js';
import { HomeModule } from './home/home.module.js';
import { ImpersonationModule } from './impersonation/impersonation.module.js';
import { MembersModule } from './members/members.module.js';
import { OnboardingModule } from './onboarding/onboarding.module.js';
import { ProfileModule } from './profile/profile.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import { ReferenceModule } from './reference/reference.module.js';
import { SettingsModule } from './settings/settings.module.js';
import { TenantsModule } from './tenants/tenants.module.js';
import { UsersModule } from './users/users.module.js';

/**
 * What the product is made of, in order: a feature imports `core` and the features above it, which
 * `npm run check` holds it to. Each is a folder of its name in `src/`.
 */
const FEATURES = {
  reference: ReferenceModule,
  audit: AuditModule,
  flags: FlagsModule,
  users: UsersModule,
  tenants: TenantsModule,
  members: MembersModule,
  'api-keys': ApiKeysModule,
  profile: ProfileModule,
  impersonation: ImpersonationModule,
  authentication: AuthenticationModule,
  onboarding: OnboardingModule,
  settings: SettingsModule,
  billing: BillingModule,
  home: HomeModule,
  dashboard: DashboardModule,
  projects: ProjectsModule,
  health: HealthModule,
  dev: DevModule,
  // Last: the addresses of its lists, `/admin/:entity/`, would take in any other under /admin.
  admin: AdminModule,
} satisfies Record<string, Type>;

/** The modules of the features; the pages under `/dev` do not exist in production. */
export function featuresOf(config: AppConfig): Array<Type | DynamicModule> {
  const { dev, ...always } = FEATURES;
  const { admin, ...others } = always;
  return [...Object.values(others), ...(config.isProduction ? [] : [dev]), admin];
}

import type { Type } from '@nestjs/common';
import { admin } from './admin/admin.feature.js';
import { apiDocs } from './api-docs/api-docs.feature.js';
import { apiKeys } from './api-keys/api-keys.feature.js';
import { attachments } from './attachments/attachments.feature.js';
import { audit } from './audit/audit.feature.js';
import { authentication } from './authentication/authentication.feature.js';
import { billing } from './billing/billing.feature.js';
import { closure } from './closure/closure.feature.js';
import { comments } from './comments/comments.feature.js';
import { dashboard } from './dashboard/dashboard.feature.js';
import { deadlines } from './deadlines/deadlines.feature.js';
import { dev } from './dev/dev.feature.js';
import { flags } from './flags/flags.feature.js';
import { health } from './health/health.feature.js';
import { home } from './home/home.feature.js';
import { impersonation } from './impersonation/impersonation.feature.js';
import { members } from './members/members.feature.js';
import { notifications } from './notifications/notifications.feature.js';
import { onboarding } from './onboarding/onboarding.feature.js';
import { passkeys } from './passkeys/passkeys.feature.js';
import { profile } from './profile/profile.feature.js';
import { projects } from './projects/projects.feature.js';
import { reference } from './reference/reference.feature.js';
import { sampleData } from './sample-data/sample-data.feature.js';
import { search } from './search/search.feature.js';
import { secondFactor } from './second-factor/second-factor.feature.js';
import { settings } from './settings/settings.feature.js';
import { site } from './site/site.feature.js';
import { tenants } from './tenants/tenants.feature.js';
import { users } from './users/users.feature.js';
import { webhooks } from './webhooks/webhooks.feature.js';
import type { AppConfig } from './core/config/config.js';
import type { FeatureDeclaration } from './core/features/feature.js';
import { installFeatures } from './core/features/registry.js';

/**
 * The features, in order: a feature imports `core` and the features above it, which `npm run check` enforces.
 */
const FEATURES = [
  reference,
  audit,
  flags,
  notifications,
  users,
  tenants,
  members,
  secondFactor,
  passkeys,
  apiDocs,
  apiKeys,
  profile,
  impersonation,
  authentication,
  onboarding,
  settings,
  billing,
  webhooks,
  closure,
  sampleData,
  comments,
  attachments,
  home,
  site,
  deadlines,
  dashboard,
  search,
  projects,
  health,
  dev,
  // Last: its `/admin/:entity/` would match other paths under `/admin`.
  admin,
] as const;

declare module './core/features/names.js' {
  interface Registry {
    features: typeof FEATURES;
  }
}

installFeatures(FEATURES);

/** The Nest modules of all features; those for development only outside production. */
export function featureModules(config: Pick<AppConfig, 'isProduction'>): Type[] {
  const features: readonly FeatureDeclaration[] = FEATURES;
  return features
    .filter(({ isForDevelopment }) => !(isForDevelopment && config.isProduction))
    .map(({ module }) => module);
}

import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { AppConfig } from './core/config/config.js';
import { CoreModule } from './core/core.module.js';
import type { DatabaseServer } from './core/database/database-server.js';
import { EntitlementGuard } from './core/entitlements/entitlement.guard.js';
import { ReadOnlyGuard } from './core/entitlements/read-only.guard.js';
import { FlagGuard } from './core/flags/flag.guard.js';
import { AccessGuard } from './core/http/access/access.guard.js';
import { PermissionGuard } from './core/http/access/permission.guard.js';
import { ImpersonationGuard } from './core/http/access/impersonation.guard.js';
import { StepUpGuard } from './core/http/access/step-up.guard.js';
import { SuperuserGuard } from './core/http/access/superuser.guard.js';
import { ApiBodyGuard } from './core/http/api/api-body.guard.js';
import { ErrorFilter } from './core/http/pipeline/error.filter.js';
import { CsrfGuard } from './core/http/security/csrf.guard.js';
import { RateLimitGuard } from './core/http/security/rate-limit.guard.js';
import { UploadGuard } from './core/http/uploads/upload.guard.js';
import { featureModules } from './features.js';
import { OnboardingGate } from './onboarding/onboarding.gate.js';

/** Composition root: the platform, the features, and the order of the global guards. */
@Module({})
export class AppModule {
  static forConfig(config: AppConfig, server: DatabaseServer): DynamicModule {
    return {
      module: AppModule,
      imports: [CoreModule.forConfig(config, server), ...featureModules(config)],
      providers: [
        // Order: authentication, access, input, CSRF.
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: OnboardingGate },
        { provide: APP_GUARD, useClass: FlagGuard },
        { provide: APP_GUARD, useClass: PermissionGuard },
        { provide: APP_GUARD, useClass: EntitlementGuard },
        { provide: APP_GUARD, useClass: SuperuserGuard },
        { provide: APP_GUARD, useClass: UploadGuard },
        // Runs after the body was read, so that the error page can show what was typed.
        { provide: APP_GUARD, useClass: ImpersonationGuard },
        { provide: APP_GUARD, useClass: ApiBodyGuard },
        { provide: APP_GUARD, useClass: CsrfGuard },
        // What a form asks for has been read: of some only a part works in an organisation that is read-only.
        { provide: APP_GUARD, useClass: ReadOnlyGuard },
        { provide: APP_GUARD, useClass: StepUpGuard },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}

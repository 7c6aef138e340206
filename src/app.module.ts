import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { AdminModule } from './admin/admin.module.js';
import { SuperuserGuard } from './admin/superuser.guard.js';
import { ApiModule } from './api/api.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AccessGuard } from './auth/access.guard.js';
import { AdminGuard } from './auth/admin.guard.js';
import { AuthModule } from './auth/auth.module.js';
import { OnBehalfGuard } from './auth/on-behalf.guard.js';
import { AppConfig } from './core/config/config.js';
import { DatabaseModule } from './core/database/database.module.js';
import type { DatabaseServer } from './core/database/database-server.js';
import { FeatureGuard } from './core/flags/feature.guard.js';
import { ApiBodyGuard } from './core/http/api-body.guard.js';
import { CsrfGuard } from './core/http/csrf.guard.js';
import { ErrorFilter } from './core/http/error.filter.js';
import { HttpModule } from './core/http/http.module.js';
import { loggerOptions } from './core/http/logging.js';
import { RateLimitGuard } from './core/http/rate-limit.guard.js';
import { staticFiles } from './core/http/static-files.js';
import { UploadGuard } from './core/http/upload.guard.js';
import { TranslationsModule } from './core/i18n/translations.module.js';
import { JobsModule } from './core/jobs/jobs.module.js';
import { MailModule } from './core/mail/mail.module.js';
import { ReferenceModule } from './core/reference/reference.module.js';
import { StorageModule } from './core/storage/storage.module.js';
import { TelemetryModule } from './core/telemetry/telemetry.module.js';
import { ViewsModule } from './core/views/views.module.js';
import { FlagsModule } from './flags/flags.module.js';
import { HealthModule } from './health/health.module.js';
import { OnboardingGate } from './onboarding/onboarding.gate.js';
import { OnboardingModule } from './onboarding/onboarding.module.js';
import { PagesModule } from './pages/pages.module.js';
import { SettingsModule } from './settings/settings.module.js';
import { ProjectsModule } from './projects/projects.module.js';

@Global()
@Module({})
class ConfigModule {
  static forConfig(config: AppConfig): DynamicModule {
    return {
      module: ConfigModule,
      providers: [{ provide: AppConfig, useValue: config }],
      exports: [AppConfig],
    };
  }
}

/** The composition root: what the product is made of, and the way every request takes through it. */
@Module({})
export class AppModule {
  static forConfig(config: AppConfig, server: DatabaseServer): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forConfig(config),
        LoggerModule.forRoot(loggerOptions(config)),
        TelemetryModule,
        DatabaseModule.forServer(server),
        TranslationsModule,
        ViewsModule,
        HttpModule,
        staticFiles(),
        JobsModule,
        MailModule,
        ReferenceModule,
        StorageModule,
        AuditModule,
        FlagsModule,
        AuthModule,
        ApiModule,
        OnboardingModule,
        SettingsModule,
        PagesModule.forConfig(config),
        ProjectsModule,
        HealthModule,
        AdminModule.withRegistry(),
      ],
      providers: [
        // In this order: who is it, may they be here, what did they send, do they mean it.
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: OnboardingGate },
        { provide: APP_GUARD, useClass: FeatureGuard },
        { provide: APP_GUARD, useClass: AdminGuard },
        { provide: APP_GUARD, useClass: SuperuserGuard },
        { provide: APP_GUARD, useClass: UploadGuard },
        // What it refuses has been read, so that its page shows what was typed.
        { provide: APP_GUARD, useClass: OnBehalfGuard },
        { provide: APP_GUARD, useClass: ApiBodyGuard },
        { provide: APP_GUARD, useClass: CsrfGuard },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}

import { Module, type DynamicModule, Global } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { BackOfficeModule } from './back-office/back-office.module.js';
import { AppConfig } from './config/config.js';
import { CsvModule } from './csv/csv.module.js';
import type { DatabaseServer } from './database/database-server.js';
import { DatabaseModule } from './database/database.module.js';
import { HttpModule } from './http/http.module.js';
import { loggerOptions } from './http/pipeline/logging.js';
import { staticFiles } from './http/pipeline/static-files.js';
import { TranslationsModule } from './i18n/translations.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { MailModule } from './mail/mail.module.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { StorageModule } from './storage/storage.module.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import { ViewsModule } from './views/views.module.js';

/** The platform: configuration, database, HTTP, texts, views, jobs, mail and storage. */
@Global()
@Module({})
export class CoreModule {
  static forConfig(config: AppConfig, server: DatabaseServer): DynamicModule {
    return {
      module: CoreModule,
      imports: [
        LoggerModule.forRoot(loggerOptions(config)),
        TelemetryModule,
        DatabaseModule.forServer(server),
        TranslationsModule,
        ViewsModule,
        HttpModule,
        staticFiles(),
        JobsModule,
        MailModule,
        OutboundModule,
        StorageModule,
        BackOfficeModule,
        CsvModule,
      ],
      providers: [{ provide: AppConfig, useValue: config }],
      exports: [AppConfig],
    };
  }
}

import { Global, Module } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { ErrorReporter } from './error-reporter.js';
import { MetricsServer } from './metrics-server.js';
import { Metrics } from './metrics.js';
import { Tracing } from './tracing.js';

@Global()
@Module({
  providers: [
    Metrics,
    MetricsServer,
    { provide: Tracing, inject: [AppConfig], useFactory: (c: AppConfig) => Tracing.start(c) },
    {
      provide: ErrorReporter,
      inject: [AppConfig],
      useFactory: (c: AppConfig) => ErrorReporter.start(c),
    },
  ],
  exports: [ErrorReporter, Metrics, MetricsServer, Tracing],
})
export class TelemetryModule {}

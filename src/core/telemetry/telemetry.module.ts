import { Global, Module } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { ErrorReporter } from './error-reporter.js';
import { MetricsServer } from './metrics-server.js';
import { Metrics } from './metrics.js';
import { SecurityEvents } from './security-events.js';
import { Tracing } from './tracing.js';

@Global()
@Module({
  providers: [
    Metrics,
    MetricsServer,
    SecurityEvents,
    { provide: Tracing, inject: [AppConfig], useFactory: (c: AppConfig) => Tracing.start(c) },
    {
      provide: ErrorReporter,
      inject: [AppConfig],
      useFactory: (c: AppConfig) => ErrorReporter.start(c),
    },
  ],
  exports: [ErrorReporter, Metrics, MetricsServer, SecurityEvents, Tracing],
})
export class TelemetryModule {}

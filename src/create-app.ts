import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiDocument } from './core/http/api/api-document.js';
import { AppLogger } from './core/http/pipeline/app-logger.js';
import { AppModule } from './app.module.js';
import type { AppConfig } from './core/config/config.js';
import type { DatabaseServer } from './core/database/database-server.js';
import { AnswerAdapter } from './core/http/pipeline/answer-adapter.js';
import { Flashes } from './core/http/forms/flash.js';
import { PageRenderer } from './core/http/pages/page-renderer.js';
import { prepareHttp } from './core/http/pipeline/prepare-http.js';
import { prepareServer } from './core/http/pipeline/prepare-server.js';

/** Creates the application on a migrated database, ready to listen; `more` adds modules. */
export async function createApp(
  config: AppConfig,
  server: DatabaseServer,
  more: Type[] = [],
): Promise<NestExpressApplication> {
  const { imports = [], ...root } = AppModule.forConfig(config, server);
  const adapter = new AnswerAdapter();
  const app = await NestFactory.create<NestExpressApplication>(
    { ...root, imports: [...imports, ...more] },
    adapter,
    {
      bodyParser: false,
      bufferLogs: true,
      abortOnError: false,
    },
  );
  app.useLogger(app.get(AppLogger));
  adapter.sendsWith(app.get(PageRenderer), app.get(Flashes));
  prepareServer(app);
  prepareHttp(app);
  app.get(ApiDocument).describes(app);
  // As process 1 of a container it must exit by itself.
  app.enableShutdownHooks([], { useProcessExit: true });
  return app;
}

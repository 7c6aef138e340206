import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { loadEnvironment } from '../core/config/environment.js';
import { runInContext } from '../core/context/request-context.js';
import { DatabaseServer } from '../core/database/database-server.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Translator } from '../core/i18n/translator.js';
import { UsageError } from '../exit-on-error.js';
import { prepareDatabase } from '../prepare-database.js';

/** Runs `work` with the application's services; the application itself may be running. */
export async function withApplication(
  work: (app: INestApplicationContext) => Promise<void>,
): Promise<void> {
  const config = await loadEnvironment();
  // Commands serve no requests and process no jobs.
  config.ROLE = 'web';
  config.LOG_LEVEL = 'error';
  const server = await DatabaseServer.join(config);
  await prepareDatabase(config, server);
  const app = await NestFactory.createApplicationContext(AppModule.forConfig(config, server), {
    logger: ['error'],
  });
  try {
    await runInContext({}, () => work(app));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new UsageError(app.get(Translator).t(error.key, error.details.args));
  } finally {
    await app.close();
  }
}

import './node-version.js';
import 'reflect-metadata';
import { brand } from './core/brand/brand.js';
import { loadEnvironment } from './core/config/environment.js';
import { awaitMigrations } from './core/database/schema/await-migrations.js';
import { DatabaseServer } from './core/database/database-server.js';
import { AppLogger } from './core/http/pipeline/app-logger.js';
import { MetricsServer } from './core/telemetry/metrics-server.js';
import { createApp } from './create-app.js';
import { exitOnError } from './exit-on-error.js';
import { prepareDatabase } from './prepare-database.js';

try {
  await start();
} catch (error) {
  exitOnError(error);
}

async function start(): Promise<void> {
  const config = await loadEnvironment();
  const server = await DatabaseServer.open(config);
  try {
    if (config.MIGRATE_ON_START) await prepareDatabase(config, server);
    else await awaitMigrations(config.DIRECT_DATABASE_URL ?? config.DATABASE_URL!);
    const app = await createApp(config, server);
    await app.listen(config.PORT, config.HOST ?? (config.isProduction ? '::' : 'localhost'));
    await app.get(MetricsServer).listen(config.HOST);
    // Prints APP_URL, as links in mails: cookies are bound to one host name.
    const address = config.PORT === 0 ? await app.getUrl() : config.appUrl;
    const database =
      server.kind === 'embedded' ? `embedded database in ${config.DATA_DIR}` : 'PostgreSQL';
    if (config.isProduction)
      app.get(AppLogger).log(`${brand.name} is ready at ${address} (${database})`);
    else console.log(`\n  ${brand.name} is ready at ${address} (${database})\n`);
  } catch (error) {
    await server.close().catch(() => undefined);
    throw error;
  }
}

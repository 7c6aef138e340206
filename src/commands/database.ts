import { loadEnvironment } from '../core/config/environment.js';
import { DatabaseServer } from '../core/database/database-server.js';
import { migrate } from '../core/database/schema/migrate.js';
import { loadReferenceData } from '../reference/reference-loader.js';
import { prepareDatabase } from '../prepare-database.js';

export async function migrateNow(): Promise<void> {
  const config = await loadEnvironment();
  const server = await DatabaseServer.join(config);
  try {
    await prepareDatabase(config, server);
    console.log('The database is up to date.');
  } finally {
    await server.close();
  }
}

export async function loadReference(): Promise<void> {
  const config = await loadEnvironment();
  const server = await DatabaseServer.join(config);
  try {
    await migrate(config, server.address, [
      (owner) =>
        owner.inTransaction(async (run) => {
          const { countries, languages, timezones, currencies, changed } =
            await loadReferenceData(run);
          console.log(
            `${countries} countries, ${languages} languages, ${timezones} time zones, ${currencies} currencies; ${changed} rows changed.`,
          );
        }),
    ]);
  } finally {
    await server.close();
  }
}

import './features.js';
import type { AppConfig } from './core/config/config.js';
import type { DatabaseServer } from './core/database/database-server.js';
import { migrate } from './core/database/schema/migrate.js';
import { prepareJobTables } from './core/jobs/job-tables.js';
import { loadReferenceData, referenceDataIsLoaded } from './reference/reference-loader.js';

/** Prepares the database: migrations, reference data, job tables. Idempotent. */
export async function prepareDatabase(config: AppConfig, server: DatabaseServer): Promise<void> {
  await migrate(config, server.address, [
    (owner) =>
      owner.inTransaction(async (run) => {
        if (!(await referenceDataIsLoaded(run))) await loadReferenceData(run);
      }),
    prepareJobTables,
  ]);
}

import type { QueryRunner } from 'typeorm';

/**
 * Lets sample rows of `table` be deleted as the role of sample data, which sees no other row of it. A table is declared
 * for it in `sampleData` of its feature.
 */
export async function letSamplesGo(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`CREATE POLICY samples ON ${table} TO app_samples
    USING (tenant_id = (SELECT app_tenant_id()) AND EXISTS (SELECT FROM sample_row s
      WHERE s.tenant_id = (SELECT app_tenant_id()) AND s.kind = '${table}' AND s.row_id = ${table}.id))`);
  await runner.query(`GRANT SELECT, DELETE ON ${table} TO app_samples`);
}

/** Undoes `letSamplesGo`. */
export async function keepSamples(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`REVOKE SELECT, DELETE ON ${table} FROM app_samples`);
  await runner.query(`DROP POLICY samples ON ${table}`);
}

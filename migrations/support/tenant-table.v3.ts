import type { QueryRunner } from 'typeorm';
import { protectTenantTable as protectedBefore } from './tenant-table.v2.js';

export { AUDIT_COLUMNS, forceRowSecurity, stampAudit } from './tenant-table.v2.js';

/** As version 2, and its rows go when their organisation is erased. */
export async function protectTenantTable(runner: QueryRunner, table: string): Promise<void> {
  await protectedBefore(runner, table);
  await letErase(runner, table);
}

/** Rows of `table` can be deleted as the role of erasure, once their organisation is being erased. */
export async function letErase(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`CREATE POLICY erasure ON ${table} TO app_erasure
    USING (tenant_id = (SELECT app_erased_tenant()))`);
  await runner.query(`GRANT SELECT, DELETE ON ${table} TO app_erasure`);
}

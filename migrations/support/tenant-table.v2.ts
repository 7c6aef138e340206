import type { QueryRunner } from 'typeorm';
import { forceRowSecurity, stampAudit } from './tenant-table.v1.js';

export { AUDIT_COLUMNS, forceRowSecurity, stampAudit } from './tenant-table.v1.js';

/**
 * Makes `table` a table of tenant data: row-level security forced (the owner is no exception), rows
 * visible and writable for the organisation of the unit of work only, audit columns stamped.
 * Call it in the migration that creates the table. With no organisation in context it shows no rows.
 * In a subquery the organisation is asked for once a statement, not once a row.
 */
export async function protectTenantTable(runner: QueryRunner, table: string): Promise<void> {
  await forceRowSecurity(runner, table);
  await runner.query(
    `CREATE POLICY tenant_rows ON ${table} TO app_user
       USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = app_tenant_id())`,
  );
  await runner.query(`GRANT SELECT, INSERT, UPDATE ON ${table} TO app_user`);
  await stampAudit(runner, table);
}

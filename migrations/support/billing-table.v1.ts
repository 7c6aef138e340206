import type { QueryRunner } from 'typeorm';
import { forceRowSecurity } from './tenant-table.v2.js';

/** Rows of the organisation in context, for requests and for the role of billing alike. */
export async function billingTable(
  runner: QueryRunner,
  table: string,
  rights = 'SELECT',
): Promise<void> {
  await forceRowSecurity(runner, table);
  for (const [name, role] of [
    ['tenant_rows', 'app_user'],
    ['billing', 'app_billing'],
  ]) {
    await runner.query(`CREATE POLICY ${name} ON ${table} TO ${role}
      USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = (SELECT app_tenant_id()))`);
  }
  await runner.query(`GRANT ${rights} ON ${table} TO app_user`);
}

export async function grantBilling(
  runner: QueryRunner,
  table: string,
  rights = 'SELECT, INSERT, UPDATE',
): Promise<void> {
  await runner.query(`GRANT ${rights} ON ${table} TO app_billing`);
}

import type { QueryRunner } from 'typeorm';

/**
 * Makes `table` a table of tenant data: row-level security forced (the owner is no exception), rows
 * visible and writable for the organisation of the unit of work only, audit columns stamped.
 * Call it in the migration that creates the table. With no organisation in context it shows no rows.
 */
export async function protectTenantTable(runner: QueryRunner, table: string): Promise<void> {
  await forceRowSecurity(runner, table);
  await runner.query(
    `CREATE POLICY tenant_rows ON ${table} TO app_user
       USING (tenant_id = app_tenant_id()) WITH CHECK (tenant_id = app_tenant_id())`,
  );
  await runner.query(`GRANT SELECT, INSERT, UPDATE ON ${table} TO app_user`);
  await stampAudit(runner, table);
}

/** Row-level security for everyone but a superuser, the owner included. Policies come next. */
export async function forceRowSecurity(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await runner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
}

/** The audit columns of `table` are written by the database, whatever the statement says. */
export async function stampAudit(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(
    `CREATE TRIGGER stamp_audit BEFORE INSERT OR UPDATE ON ${table}
       FOR EACH ROW EXECUTE FUNCTION stamp_audit()`,
  );
}

/** Columns of the audited bases, for `CREATE TABLE`. */
export const AUDIT_COLUMNS = `
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by uuid,
  is_active boolean NOT NULL DEFAULT true,
  deleted_at timestamptz,
  deleted_by uuid`;

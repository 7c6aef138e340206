import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity, letErase } from './support/tenant-table.v3.js';

/** Which members an action on several of them has changed, and to which versions, so that it can be taken back once. */
export class BulkActions1790000202000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE bulk_action (
      id uuid NOT NULL,
      tenant_id uuid NOT NULL,
      action varchar(20) NOT NULL,
      row_ids uuid[] NOT NULL,
      versions integer[] NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by uuid NOT NULL,
      undone_at timestamptz,
      CONSTRAINT pk_bulk_action PRIMARY KEY (id),
      CONSTRAINT fk_bulk_action_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id))`);
    await runner.query('CREATE INDEX idx_bulk_action_tenant_id ON bulk_action (tenant_id)');
    await forceRowSecurity(runner, 'bulk_action');
    await runner.query(`CREATE POLICY tenant_rows ON bulk_action TO app_user
      USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = (SELECT app_tenant_id()))`);
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON bulk_action TO app_user');
    await letErase(runner, 'bulk_action');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bulk_action');
  }
}

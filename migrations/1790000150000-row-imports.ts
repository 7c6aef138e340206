import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity } from './support/tenant-table.v2.js';

/**
 * Imports of rows from files: which rows each has added, so that it can be taken back. The primary key decides
 * that a preview is confirmed once.
 */
export class RowImports1790000150000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE row_import (
      id uuid NOT NULL,
      tenant_id uuid NOT NULL,
      feature varchar(60) NOT NULL,
      file_name varchar(200) NOT NULL,
      row_ids uuid[] NOT NULL DEFAULT '{}',
      created_at timestamptz NOT NULL DEFAULT now(),
      created_by uuid,
      undone_at timestamptz,
      CONSTRAINT pk_row_import PRIMARY KEY (id),
      CONSTRAINT fk_row_import_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id))`);
    await runner.query(
      'CREATE INDEX idx_row_import_latest ON row_import (tenant_id, feature, created_at, id)',
    );
    await forceRowSecurity(runner, 'row_import');
    await runner.query(`CREATE POLICY tenant_rows ON row_import TO app_user
      USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = (SELECT app_tenant_id()))`);
    await runner.query('GRANT SELECT, INSERT, UPDATE ON row_import TO app_user');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE row_import');
  }
}

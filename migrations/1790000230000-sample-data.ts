import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { keepSamples, letSamplesGo } from './support/sampled-table.v1.js';
import { forceRowSecurity, letErase } from './support/tenant-table.v3.js';

/**
 * Which rows of an organisation are sample data (ADR 144). The organisation says whether it has any, which two admins at
 * once cannot both change. The role that takes the rows away reaches those that are noted here, and no others.
 */
export class SampleData1790000230000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_samples');
    await runner.query('ALTER TABLE tenant ADD COLUMN sample_data_since timestamptz');
    await runner.query('GRANT UPDATE (sample_data_since) ON tenant TO app_user');
    await runner.query(`CREATE TABLE sample_row (
      tenant_id uuid NOT NULL,
      kind varchar(63) NOT NULL,
      row_id uuid NOT NULL,
      added_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_sample_row PRIMARY KEY (tenant_id, row_id),
      CONSTRAINT fk_sample_row_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id))`);
    await forceRowSecurity(runner, 'sample_row');
    await runner.query(`CREATE POLICY tenant_rows ON sample_row TO app_user
      USING (tenant_id = (SELECT app_tenant_id())) WITH CHECK (tenant_id = (SELECT app_tenant_id()))`);
    await runner.query('GRANT SELECT, INSERT, DELETE ON sample_row TO app_user');
    await runner.query(`CREATE POLICY samples ON sample_row FOR SELECT TO app_samples
      USING (tenant_id = (SELECT app_tenant_id()))`);
    await runner.query('GRANT SELECT ON sample_row TO app_samples');
    await letErase(runner, 'sample_row');
    await letSamplesGo(runner, 'comment');
  }

  async down(runner: QueryRunner): Promise<void> {
    await keepSamples(runner, 'comment');
    await runner.query('DROP TABLE sample_row');
    await runner.query('ALTER TABLE tenant DROP COLUMN sample_data_since');
    // The role stays: other databases of the server may use it.
    await runner.query('REVOKE USAGE ON SCHEMA public FROM app_samples');
  }
}

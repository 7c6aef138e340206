import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v1.js';

/** Downloads of an organisation's own data: asked for, made by a job, kept for seven days. */
export class TenantExports1790000060000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE tenant_export (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      requested_by_name varchar(254) NOT NULL,
      state varchar(10) NOT NULL DEFAULT 'pending',
      parts_done integer NOT NULL DEFAULT 0,
      parts_total integer NOT NULL DEFAULT 0,
      storage_key varchar(200),
      size_bytes bigint,
      finished_at timestamptz,
      expires_at timestamptz,
      CONSTRAINT pk_tenant_export PRIMARY KEY (id),
      CONSTRAINT fk_tenant_export_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_tenant_export_state CHECK (state IN ('pending', 'running', 'ready', 'failed')))`);
    await runner.query(`CREATE INDEX idx_tenant_export_is_active ON tenant_export (is_active)`);
    await runner.query(`CREATE INDEX idx_tenant_export_tenant_id ON tenant_export (tenant_id)`);
    // Of several who ask at once, one has it made.
    await runner.query(`CREATE UNIQUE INDEX uq_tenant_export_under_way ON tenant_export (tenant_id)
      WHERE state IN ('pending', 'running')`);
    await protectTenantTable(runner, 'tenant_export');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE tenant_export`);
  }
}

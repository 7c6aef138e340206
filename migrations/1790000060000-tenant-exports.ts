import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from '../src/core/database/protect-tenant-table.js';

/** Files of an organisation's data, and what reads that data in short pieces. */
export class TenantExports1790000060000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE tenant_export (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      state varchar(20) NOT NULL DEFAULT 'pending',
      requested_by_name varchar(254) NOT NULL,
      attempt integer NOT NULL DEFAULT 0,
      seen_at timestamptz NOT NULL DEFAULT now(),
      parts_done integer NOT NULL DEFAULT 0,
      parts_total integer NOT NULL DEFAULT 0,
      rows_done integer NOT NULL DEFAULT 0,
      storage_key varchar(200),
      size bigint,
      finished_at timestamptz,
      expires_at timestamptz,
      CONSTRAINT pk_tenant_export PRIMARY KEY (id),
      CONSTRAINT fk_tenant_export_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_tenant_export_state CHECK (state IN ('pending', 'running', 'ready', 'failed')),
      CONSTRAINT ck_tenant_export_ready CHECK ((state = 'ready')
        = (size IS NOT NULL AND expires_at IS NOT NULL)))`);
    await runner.query(`CREATE INDEX idx_tenant_export_is_active ON tenant_export (is_active)`);
    await runner.query(`CREATE INDEX idx_tenant_export_tenant_id ON tenant_export (tenant_id)`);
    // One at a time in an organisation, whoever asks and however many ask at once.
    await runner.query(`CREATE UNIQUE INDEX uq_tenant_export_unfinished ON tenant_export (tenant_id)
      WHERE state IN ('pending', 'running')`);
    await protectTenantTable(runner, 'tenant_export');
    for (const table of READ_BY_ID) {
      await runner.query(`CREATE INDEX idx_${table}_tenant_id_id ON ${table} (tenant_id, id)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of READ_BY_ID) await runner.query(`DROP INDEX idx_${table}_tenant_id_id`);
    await runner.query(`DROP TABLE tenant_export`);
  }
}

const READ_BY_ID = ['user_profile', 'invitation', 'project'];

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v3.js';

/** Jobs that each organisation has once per period: the latest one that was added. */
export class TenantJobs1790000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_schedule');
    await runner.query(`CREATE TABLE tenant_job (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      queue varchar(60) NOT NULL,
      period date NOT NULL,
      CONSTRAINT pk_tenant_job PRIMARY KEY (id),
      CONSTRAINT uq_tenant_job_tenant_id_queue UNIQUE (tenant_id, queue),
      CONSTRAINT fk_tenant_job_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id))`);
    await runner.query('CREATE INDEX idx_tenant_job_tenant_id ON tenant_job (tenant_id)');
    await runner.query(
      'CREATE INDEX idx_tenant_job_is_active ON tenant_job (is_active) WHERE NOT is_active',
    );
    await protectTenantTable(runner, 'tenant_job');
    await runner.query('CREATE POLICY schedule ON tenant_job TO app_schedule USING (true)');
    await runner.query('GRANT SELECT, INSERT, UPDATE ON tenant_job TO app_schedule');
    await runner.query(
      'CREATE POLICY schedule_reads ON tenant FOR SELECT TO app_schedule USING (true)',
    );
    await runner.query(
      'GRANT SELECT (id, created_at, timezone_id, closed_at, erase_at) ON tenant TO app_schedule',
    );
    await runner.query('GRANT SELECT ON timezone TO app_schedule');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('REVOKE SELECT ON timezone FROM app_schedule');
    await runner.query(
      'REVOKE SELECT (id, created_at, timezone_id, closed_at, erase_at) ON tenant FROM app_schedule',
    );
    await runner.query('DROP POLICY schedule_reads ON tenant');
    await runner.query('DROP TABLE tenant_job');
    // The role stays: other databases of the server may use it.
    await runner.query('REVOKE USAGE ON SCHEMA public FROM app_schedule');
  }
}

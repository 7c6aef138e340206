import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_COLUMNS, protectTenantTable } from './support/tenant-table.v1.js';

/** Projects of an organisation, with an index for each order their list comes in. */
export class Projects1790000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE project (${AUDIT_COLUMNS},
      tenant_id uuid NOT NULL,
      name varchar(120) NOT NULL,
      description varchar(2000),
      status varchar(20) NOT NULL DEFAULT 'planned',
      due_date date,
      version integer NOT NULL,
      CONSTRAINT pk_project PRIMARY KEY (id),
      CONSTRAINT fk_project_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_project_name CHECK (length(btrim(name)) > 0),
      CONSTRAINT ck_project_status CHECK (status IN ('planned', 'active', 'done')))`);
    await runner.query(`CREATE INDEX idx_project_is_active ON project (is_active)`);
    await runner.query(`CREATE INDEX idx_project_tenant_id ON project (tenant_id)`);
    for (const [order, key] of Object.entries(ORDERS)) {
      await runner.query(`CREATE INDEX idx_project_by_${order} ON project (tenant_id, ${key}, id)
        WHERE deleted_at IS NULL`);
    }
    await protectTenantTable(runner, 'project');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE project`);
  }
}

const ORDERS = {
  name: 'lower(name)',
  due_date: `coalesce(due_date, 'infinity'::date)`,
  creation: 'created_at',
};

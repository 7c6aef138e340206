import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity, letErase } from './support/tenant-table.v3.js';

/** Notes of staff on an organisation, for staff only (ADR 142). They go with the organisation. */
export class StaffNotes1790000221000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE staff_note (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      tenant_id uuid NOT NULL,
      author_id uuid NOT NULL,
      text varchar(4000) NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      edited_at timestamptz,
      version integer NOT NULL DEFAULT 1,
      CONSTRAINT pk_staff_note PRIMARY KEY (id),
      CONSTRAINT fk_staff_note_tenant_id FOREIGN KEY (tenant_id) REFERENCES tenant (id),
      CONSTRAINT ck_staff_note_text CHECK (length(btrim(text)) > 0))`);
    await runner.query(
      'CREATE INDEX idx_staff_note_of_tenant ON staff_note (tenant_id, created_at, id)',
    );
    await forceRowSecurity(runner, 'staff_note');
    await runner.query(
      'CREATE POLICY staff ON staff_note TO app_staff USING (true) WITH CHECK (true)',
    );
    await runner.query('GRANT SELECT, INSERT, DELETE ON staff_note TO app_staff');
    await runner.query('GRANT UPDATE (text, edited_at, version) ON staff_note TO app_staff');
    await letErase(runner, 'staff_note');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE staff_note');
  }
}

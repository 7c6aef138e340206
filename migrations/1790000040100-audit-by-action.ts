import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What some actions left, latest first, however many sign-ins lie between: the dashboard asks so. */
export class AuditByAction1790000040100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX idx_audit_entry_tenant_id_action_at_id
      ON audit_entry (tenant_id, action, at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX idx_audit_entry_tenant_id_action_at_id`);
  }
}

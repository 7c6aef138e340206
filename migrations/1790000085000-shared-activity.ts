import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What everybody in an organisation may read, latest first: every dashboard asks for the first few. */
export class SharedActivity1790000085000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX idx_audit_entry_shared ON audit_entry (tenant_id, at, id)
      WHERE action IN ('tenant.created', 'tenant.updated', 'member.joined', 'member.role_changed',
        'member.deactivated', 'member.reengaged', 'invitation.created', 'invitation.resent',
        'invitation.cancelled', 'invitation.accepted', 'account.closed', 'project.created',
        'project.changed', 'project.deleted', 'project.restored')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX idx_audit_entry_shared`);
  }
}

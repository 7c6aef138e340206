import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A project may have an owner: a member of its organisation, who is told what is due. */
export class ProjectOwners1790000200100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE project ADD COLUMN owner_id uuid,
      ADD CONSTRAINT fk_project_owner_id_tenant_id FOREIGN KEY (owner_id, tenant_id)
        REFERENCES user_profile (id, tenant_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE project DROP COLUMN owner_id');
  }
}

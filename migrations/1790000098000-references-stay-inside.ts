import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Foreign keys ignore row-level security: a row of one organisation could point at a row of another. Rows of
 * organisations are referenced by `(tenant_id, id)`, so that the database refuses it. The unique key takes
 * the place of the index on `tenant_id`.
 */
export class ReferencesStayInside1790000098000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile
      ADD CONSTRAINT uq_user_profile_tenant_id_id UNIQUE (tenant_id, id)`);
    await runner.query('DROP INDEX idx_user_profile_tenant_id');
    await runner.query('ALTER TABLE member_word DROP CONSTRAINT fk_member_word_member_id');
    await runner.query(`ALTER TABLE member_word ADD CONSTRAINT fk_member_word_tenant_id_member_id
      FOREIGN KEY (tenant_id, member_id) REFERENCES user_profile (tenant_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE member_word DROP CONSTRAINT fk_member_word_tenant_id_member_id',
    );
    await runner.query(`ALTER TABLE member_word ADD CONSTRAINT fk_member_word_member_id
      FOREIGN KEY (member_id) REFERENCES user_profile (id)`);
    await runner.query('CREATE INDEX idx_user_profile_tenant_id ON user_profile (tenant_id)');
    await runner.query('ALTER TABLE user_profile DROP CONSTRAINT uq_user_profile_tenant_id_id');
  }
}

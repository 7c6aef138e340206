import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which role somebody had when their access ended, so that ending it can be undone. */
export class RevokedRole1790000093200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile ADD revoked_role varchar(20),
      ADD CONSTRAINT ck_user_profile_revoked_role CHECK (revoked_role IN ('admin', 'member'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile DROP CONSTRAINT ck_user_profile_revoked_role,
      DROP revoked_role`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose colleague an account is, which its policy asks for every row of a list of members, is answered by
 * the index of profiles alone.
 */
export class CoveredMembership1790000085100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.replace(runner, 'UNIQUE (user_id) INCLUDE (tenant_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.replace(runner, 'UNIQUE (user_id)');
  }

  /** Both in one statement: there is no moment at which a person could have two profiles. */
  private async replace(runner: QueryRunner, constraint: string): Promise<void> {
    await runner.query(`ALTER TABLE user_profile DROP CONSTRAINT uq_user_profile_user_id,
      ADD CONSTRAINT uq_user_profile_user_id ${constraint}`);
  }
}

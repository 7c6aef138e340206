import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People see the change of address they have asked for: whose link it is and where it went, never its hash. */
export class OwnPendingAddress1790000035000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE POLICY own ON user_token FOR SELECT TO app_user
      USING (user_id = app_actor_id())`);
    await runner.query(
      `GRANT SELECT (user_id, purpose, email, expires_at, used_at) ON user_token TO app_user`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `REVOKE SELECT (user_id, purpose, email, expires_at, used_at) ON user_token FROM app_user`,
    );
    await runner.query(`DROP POLICY own ON user_token`);
  }
}

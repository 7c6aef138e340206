import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who put the checklist of the dashboard away, and when. */
export class Checklist1790000201000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile ADD COLUMN checklist_hidden_at timestamptz`);
    // Who is let go may found an organisation, whose list they have not seen.
    await runner.query('GRANT UPDATE (checklist_hidden_at) ON user_profile TO app_erasure');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile DROP COLUMN checklist_hidden_at`);
  }
}

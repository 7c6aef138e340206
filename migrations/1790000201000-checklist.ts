import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who put the checklist of the dashboard away, and when. */
export class Checklist1790000201000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile ADD COLUMN checklist_hidden_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile DROP COLUMN checklist_hidden_at`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A kept mail lies sealed beside its text without tokens. Mails kept before stay as they are: none of
 * their links works for longer than seven days.
 */
export class SealedMails1790000094200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE kept_mail ADD COLUMN sealed bytea');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE kept_mail DROP COLUMN sealed');
  }
}

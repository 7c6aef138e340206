import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices about an account carry a link for whoever did not cause what they tell. */
export class NotMeLinks1790000092000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.allow(runner, [...PURPOSES, 'not_me']);
  }

  /** The version before knows no such links: they open nothing there. */
  async down(runner: QueryRunner): Promise<void> {
    // The owner of the table is held to row-level security too: it steps aside for this statement.
    await runner.query(`ALTER TABLE user_token NO FORCE ROW LEVEL SECURITY`);
    await runner.query(`DELETE FROM user_token WHERE purpose = 'not_me'`);
    await runner.query(`ALTER TABLE user_token FORCE ROW LEVEL SECURITY`);
    await this.allow(runner, PURPOSES);
  }

  private async allow(runner: QueryRunner, purposes: string[]): Promise<void> {
    const words = purposes.map((purpose) => `'${purpose}'`).join(', ');
    await runner.query(`ALTER TABLE user_token DROP CONSTRAINT ck_user_token_purpose,
      ADD CONSTRAINT ck_user_token_purpose CHECK (purpose IN (${words}))`);
  }
}

const PURPOSES = ['password_reset', 'email_verification', 'email_change'];

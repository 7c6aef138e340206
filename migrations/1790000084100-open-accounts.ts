import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A profile knows whether its account is open: counting the members who can act reads the profiles of
 * one organisation, and no account for each of them.
 */
export class OpenAccounts1790000084100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE user_profile ADD account_open boolean NOT NULL DEFAULT true`);
    await this.backfill(runner);
    await runner.query(`CREATE FUNCTION note_account() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE user_profile SET account_open = NEW.is_active AND NEW.deleted_at IS NULL
          WHERE user_id = NEW.id;
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE TRIGGER note_account AFTER UPDATE OF is_active, deleted_at ON users
      FOR EACH ROW EXECUTE FUNCTION note_account()`);
    // Staff close and open accounts; of a profile they may change this and nothing else.
    await runner.query(`CREATE POLICY staff_note_account ON user_profile FOR UPDATE TO app_staff
      USING (true) WITH CHECK (true)`);
    await runner.query(`GRANT UPDATE (account_open) ON user_profile TO app_identity, app_staff`);
  }

  /** The owner of the tables is held to row-level security too: it steps aside for this statement. */
  private async backfill(runner: QueryRunner): Promise<void> {
    for (const table of ['users', 'user_profile']) {
      await runner.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
    }
    await runner.query(`UPDATE user_profile p SET account_open = false FROM users u
      WHERE u.id = p.user_id AND NOT (u.is_active AND u.deleted_at IS NULL)`);
    for (const table of ['users', 'user_profile']) {
      await runner.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP POLICY staff_note_account ON user_profile`);
    await runner.query(`DROP TRIGGER note_account ON users`);
    await runner.query(`DROP FUNCTION note_account()`);
    await runner.query(`ALTER TABLE user_profile DROP account_open`);
  }
}

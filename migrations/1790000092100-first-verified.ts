import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When somebody first showed that they read an address of the account. Until then whoever registered it
 * may be anybody; correcting the address later does not bring that back. Kept by the database, whoever
 * writes.
 */
export class FirstVerified1790000092100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD first_verified_at timestamptz`);
    await runner.query(`CREATE FUNCTION note_first_verified() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.first_verified_at := coalesce(NEW.first_verified_at, NEW.email_verified_at);
        RETURN NEW;
      END $$`);
    await runner.query(`CREATE TRIGGER note_first_verified
      BEFORE INSERT OR UPDATE OF email_verified_at ON users
      FOR EACH ROW EXECUTE FUNCTION note_first_verified()`);
    // The owner of the tables is held to row-level security too: it steps aside for this statement.
    await runner.query(`ALTER TABLE users NO FORCE ROW LEVEL SECURITY`);
    await runner.query(`UPDATE users SET first_verified_at = email_verified_at
      WHERE email_verified_at IS NOT NULL`);
    await runner.query(`ALTER TABLE users FORCE ROW LEVEL SECURITY`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER note_first_verified ON users`);
    await runner.query(`DROP FUNCTION note_first_verified()`);
    await runner.query(`ALTER TABLE users DROP first_verified_at`);
  }
}

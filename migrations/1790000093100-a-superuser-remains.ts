import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Somebody who may change things in the back office always remains, also when two go at once. */
export class ASuperuserRemains1790000093100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION keep_a_superuser() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        -- Two who go at once take turns: the second one counts after the first is done.
        PERFORM pg_advisory_xact_lock(hashtext('keep_a_superuser'), 0);
        IF NOT EXISTS (SELECT FROM users WHERE is_staff AND is_superuser AND is_active
            AND deleted_at IS NULL) THEN
          RAISE EXCEPTION 'at least one superuser remains'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'users_keep_a_superuser';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`CREATE CONSTRAINT TRIGGER keep_a_superuser AFTER UPDATE ON users
      DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
      WHEN (OLD.is_staff AND OLD.is_superuser AND OLD.is_active AND OLD.deleted_at IS NULL
        AND NOT (NEW.is_staff AND NEW.is_superuser AND NEW.is_active AND NEW.deleted_at IS NULL))
      EXECUTE FUNCTION keep_a_superuser()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER keep_a_superuser ON users`);
    await runner.query(`DROP FUNCTION keep_a_superuser()`);
  }
}

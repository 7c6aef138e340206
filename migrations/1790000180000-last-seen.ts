import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When somebody last used the product, kept by the database with the account: sessions say it too, but are deleted
 * and are out of colleagues' reach. Accurate to five minutes, so that a request rarely writes to the account.
 */
export class LastSeen1790000180000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD last_seen_at timestamptz`);
    await runner.query(`GRANT SELECT (last_seen_at) ON users TO app_user`);
    // An account that is locked is left for the next time: its holder may wait for this session.
    await runner.query(`CREATE FUNCTION note_last_seen() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE users SET last_seen_at = NEW.last_seen_at WHERE id = (
          SELECT id FROM users WHERE id = NEW.user_id
            AND (last_seen_at IS NULL OR last_seen_at < NEW.last_seen_at - interval '5 minutes')
          FOR NO KEY UPDATE SKIP LOCKED);
        RETURN NULL;
      END $$`);
    // Where staff act on somebody's behalf, that person was not there.
    await runner.query(`CREATE TRIGGER note_last_seen AFTER INSERT OR UPDATE OF last_seen_at ON session
      FOR EACH ROW WHEN (NEW.acting_session_id IS NULL) EXECUTE FUNCTION note_last_seen()`);
    // The owner of the tables is held to row-level security too: it steps aside for this statement.
    await runner.query(`ALTER TABLE users NO FORCE ROW LEVEL SECURITY`);
    await runner.query(`ALTER TABLE session NO FORCE ROW LEVEL SECURITY`);
    await runner.query(`UPDATE users u SET last_seen_at = s.at
      FROM (SELECT user_id, max(last_seen_at) AS at FROM session
        WHERE acting_session_id IS NULL GROUP BY user_id) s WHERE s.user_id = u.id`);
    await runner.query(`ALTER TABLE session FORCE ROW LEVEL SECURITY`);
    await runner.query(`ALTER TABLE users FORCE ROW LEVEL SECURITY`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER note_last_seen ON session`);
    await runner.query(`DROP FUNCTION note_last_seen()`);
    await runner.query(`ALTER TABLE users DROP last_seen_at`);
  }
}

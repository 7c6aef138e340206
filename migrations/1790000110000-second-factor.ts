import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity } from './support/tenant-table.v2.js';

/**
 * How somebody proved who they are (`session`), sign-ins that wait for a second factor, authenticator apps and
 * recovery codes. `users.second_factors` names the kinds of factors a person has; triggers keep it, so that
 * sign-in and the principal read it without another statement.
 */
export class SecondFactor1790000110000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.session(runner);
    await runner.query(`ALTER TABLE users
      ADD COLUMN second_factors text[] NOT NULL DEFAULT '{}'`);
    await runner.query(`GRANT SELECT (second_factors) ON users TO app_user, app_staff`);
    await runner.query(`ALTER TABLE tenant ADD COLUMN second_factor_from date`);
    await runner.query(
      `GRANT INSERT (second_factor_from), UPDATE (second_factor_from) ON tenant TO app_user`,
    );
    await this.pendingSignIn(runner);
    await this.totp(runner);
    await this.recoveryCode(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['recovery_code', 'totp', 'pending_sign_in']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query(`DROP FUNCTION note_second_factor()`);
    await runner.query(`ALTER TABLE tenant DROP COLUMN second_factor_from`);
    await runner.query(`ALTER TABLE users DROP COLUMN second_factors`);
    await runner.query(`ALTER TABLE session DROP COLUMN authenticated_at, DROP COLUMN assurance,
      DROP COLUMN methods`);
  }

  /** Sessions of the version before were authenticated by password when they began. */
  private async session(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE session
      ADD COLUMN authenticated_at timestamptz NOT NULL DEFAULT now(),
      ADD COLUMN assurance smallint NOT NULL DEFAULT 1,
      ADD COLUMN methods text[] NOT NULL DEFAULT '{password}',
      ADD CONSTRAINT ck_session_assurance CHECK (assurance IN (1, 2))`);
    // The owner of the table is held to row-level security too: it steps aside for this statement.
    await runner.query(`ALTER TABLE session NO FORCE ROW LEVEL SECURITY`);
    await runner.query(`UPDATE session SET authenticated_at = created_at WHERE ended_at IS NULL`);
    await runner.query(`ALTER TABLE session FORCE ROW LEVEL SECURITY`);
    await runner.query(
      `GRANT SELECT (authenticated_at, assurance, methods) ON session TO app_user, app_staff`,
    );
  }

  private async pendingSignIn(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE pending_sign_in (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      kind varchar(10) NOT NULL,
      token_hash bytea NOT NULL,
      methods text[] NOT NULL,
      tries smallint NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now(),
      expires_at timestamptz NOT NULL,
      CONSTRAINT pk_pending_sign_in PRIMARY KEY (id),
      CONSTRAINT uq_pending_sign_in_token_hash UNIQUE (token_hash),
      CONSTRAINT fk_pending_sign_in_user_id FOREIGN KEY (user_id) REFERENCES users (id),
      CONSTRAINT ck_pending_sign_in_kind CHECK (kind IN ('browser', 'api')),
      CONSTRAINT ck_pending_sign_in_tries CHECK (tries BETWEEN 0 AND 5),
      CONSTRAINT ck_pending_sign_in_expires_at
        CHECK (expires_at <= created_at + interval '10 minutes'))`);
    await runner.query(`CREATE INDEX idx_pending_sign_in_user_id ON pending_sign_in (user_id)`);
    await runner.query(
      `CREATE INDEX idx_pending_sign_in_expires_at ON pending_sign_in (expires_at)`,
    );
    await this.forIdentity(runner, 'pending_sign_in');
    await runner.query(`CREATE POLICY upkeep_reads ON pending_sign_in FOR SELECT TO app_upkeep
      USING (true)`);
    await runner.query(`CREATE POLICY upkeep_removes ON pending_sign_in FOR DELETE TO app_upkeep
      USING (expires_at < now())`);
    await runner.query(`GRANT SELECT (id, expires_at), DELETE ON pending_sign_in TO app_upkeep`);
  }

  private async totp(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE totp (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      seed bytea NOT NULL,
      last_step bigint NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_used_at timestamptz,
      CONSTRAINT pk_totp PRIMARY KEY (id),
      CONSTRAINT uq_totp_user_id UNIQUE (user_id),
      CONSTRAINT fk_totp_user_id FOREIGN KEY (user_id) REFERENCES users (id))`);
    await this.forIdentity(runner, 'totp');
    await runner.query(NOTE_SECOND_FACTOR);
    await runner.query(`CREATE TRIGGER note_second_factor AFTER INSERT OR DELETE ON totp
      FOR EACH ROW EXECUTE FUNCTION note_second_factor('totp')`);
  }

  private async recoveryCode(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE recovery_code (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      code_hash bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      used_at timestamptz,
      CONSTRAINT pk_recovery_code PRIMARY KEY (id),
      CONSTRAINT uq_recovery_code_user_id_code_hash UNIQUE (user_id, code_hash),
      CONSTRAINT fk_recovery_code_user_id FOREIGN KEY (user_id) REFERENCES users (id))`);
    await this.forIdentity(runner, 'recovery_code');
  }

  /** Secrets of people: for the identity role only. */
  private async forIdentity(runner: QueryRunner, table: string): Promise<void> {
    await forceRowSecurity(runner, table);
    await runner.query(
      `CREATE POLICY identity ON ${table} TO app_identity USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO app_identity`);
  }
}

/**
 * Keeps `users.second_factors`; the argument names the kind. Locks the account first, so that of two rows
 * removed at once the second sees that none is left.
 */
const NOTE_SECOND_FACTOR = `CREATE FUNCTION note_second_factor() RETURNS trigger
  LANGUAGE plpgsql AS $$
  DECLARE
    owner uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
    remains boolean;
  BEGIN
    PERFORM 1 FROM users WHERE id = owner FOR NO KEY UPDATE;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE user_id = $1)', TG_TABLE_NAME)
      INTO remains USING owner;
    UPDATE users SET second_factors = CASE WHEN remains
        THEN array_append(array_remove(second_factors, TG_ARGV[0]), TG_ARGV[0])
        ELSE array_remove(second_factors, TG_ARGV[0]) END
      WHERE id = owner;
    RETURN NULL;
  END $$`;

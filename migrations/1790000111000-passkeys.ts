import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity } from './support/tenant-table.v2.js';

/** Passkeys, and the challenges that were used. Both are for the identity role only. */
export class Passkeys1790000111000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE passkey (
      id uuid NOT NULL DEFAULT gen_random_uuid(),
      user_id uuid NOT NULL,
      name varchar(60) NOT NULL,
      credential_id varchar(1400) NOT NULL,
      public_key bytea NOT NULL,
      counter bigint NOT NULL DEFAULT 0,
      is_backed_up boolean NOT NULL,
      aaguid uuid NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_used_at timestamptz,
      CONSTRAINT pk_passkey PRIMARY KEY (id),
      CONSTRAINT uq_passkey_credential_id UNIQUE (credential_id),
      CONSTRAINT fk_passkey_user_id FOREIGN KEY (user_id) REFERENCES users (id),
      CONSTRAINT ck_passkey_counter CHECK (counter >= 0))`);
    await runner.query(`CREATE INDEX idx_passkey_user_id ON passkey (user_id)`);
    await runner.query(`CREATE TRIGGER note_second_factor AFTER INSERT OR DELETE ON passkey
      FOR EACH ROW EXECUTE FUNCTION note_second_factor('passkey')`);
    await runner.query(`CREATE TABLE spent_challenge (
      nonce bytea NOT NULL,
      expires_at timestamptz NOT NULL,
      CONSTRAINT pk_spent_challenge PRIMARY KEY (nonce))`);
    await runner.query(
      `CREATE INDEX idx_spent_challenge_expires_at ON spent_challenge (expires_at)`,
    );
    for (const table of ['passkey', 'spent_challenge']) {
      await forceRowSecurity(runner, table);
      await runner.query(
        `CREATE POLICY identity ON ${table} TO app_identity USING (true) WITH CHECK (true)`,
      );
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO app_identity`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE spent_challenge`);
    await runner.query(`DROP TABLE passkey`);
    // The kind is unknown without its table.
    await runner.query(`ALTER TABLE users NO FORCE ROW LEVEL SECURITY`);
    await runner.query(
      `UPDATE users SET second_factors = array_remove(second_factors, 'passkey')
       WHERE 'passkey' = ANY (second_factors)`,
    );
    await runner.query(`ALTER TABLE users FORCE ROW LEVEL SECURITY`);
  }
}

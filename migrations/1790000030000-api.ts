import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forceRowSecurity } from './support/tenant-table.v1.js';

/** Keys access tokens are signed with, and refresh tokens that were already exchanged. */
export class Api1790000030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `private_key` is sealed with a key derived from APP_SECRET: a copy of the database signs nothing.
    await runner.query(`CREATE TABLE signing_key (
      id uuid NOT NULL,
      public_key bytea NOT NULL,
      private_key bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      retired_at timestamptz,
      CONSTRAINT pk_signing_key PRIMARY KEY (id))`);
    // Of several replicas that make the first key, or rotate, at the same moment, one does.
    await runner.query(
      `CREATE UNIQUE INDEX uq_signing_key_current ON signing_key ((true)) WHERE retired_at IS NULL`,
    );
    await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON signing_key TO app_identity`);

    await runner.query(`CREATE TABLE spent_token (
      token_hash bytea NOT NULL,
      session_id uuid NOT NULL,
      spent_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_spent_token PRIMARY KEY (token_hash),
      CONSTRAINT fk_spent_token_session_id FOREIGN KEY (session_id) REFERENCES session (id)
        ON DELETE CASCADE)`);
    await runner.query(`CREATE INDEX idx_spent_token_session_id ON spent_token (session_id)`);
    await forceRowSecurity(runner, 'spent_token');
    await runner.query(
      `CREATE POLICY identity ON spent_token TO app_identity USING (true) WITH CHECK (true)`,
    );
    await runner.query(`GRANT SELECT, INSERT, DELETE ON spent_token TO app_identity`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE spent_token`);
    await runner.query(`DROP TABLE signing_key`);
  }
}

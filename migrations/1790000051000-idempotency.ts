import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureRole } from './support/ensure-role.v1.js';
import { forceRowSecurity } from './support/tenant-table.v1.js';

/** What was answered to requests that carried an `Idempotency-Key`, for a day, and a door to it. */
export class Idempotency1790000051000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await ensureRole(runner, 'app_idempotency');
    // Whoever made the row works on the request; `claim` tells them from a later one, `answer` that they
    // are done.
    await runner.query(`CREATE TABLE idempotent_answer (
      key_hash bytea NOT NULL,
      body_hash bytea NOT NULL,
      claim uuid NOT NULL,
      answer bytea,
      created_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT pk_idempotent_answer PRIMARY KEY (key_hash))`);
    await runner.query(
      `CREATE INDEX idx_idempotent_answer_created_at ON idempotent_answer (created_at)`,
    );
    await forceRowSecurity(runner, 'idempotent_answer');
    await runner.query(`CREATE POLICY idempotency ON idempotent_answer TO app_idempotency
      USING (true) WITH CHECK (true)`);
    await runner.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON idempotent_answer TO app_idempotency`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE idempotent_answer`);
  }
}

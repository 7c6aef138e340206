import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The name of a passkey can be changed: its version decides between two changes (ADR 58). */
export class PasskeyVersions1790000140000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE passkey ADD version integer NOT NULL DEFAULT 1`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE passkey DROP COLUMN version`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which try at a download is the latest: an earlier one that still runs has nothing to say any more. */
export class ExportAttempts1790000060100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenant_export ADD attempt integer NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenant_export DROP attempt`);
  }
}

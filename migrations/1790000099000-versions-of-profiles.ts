import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the version that `project` and `tenant` have already: a change names the version it is based on. */
export class VersionsOfProfiles1790000099000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE user_profile ADD version integer NOT NULL DEFAULT 1');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE user_profile DROP version');
  }
}

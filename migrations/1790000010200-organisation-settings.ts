import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an organisation chooses for its new members, and the number that tells stale saves apart. */
export class OrganisationSettings1790000010200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenant
      ADD timezone_id integer,
      ADD language_id integer,
      ADD version integer NOT NULL DEFAULT 1,
      ADD CONSTRAINT fk_tenant_timezone_id FOREIGN KEY (timezone_id) REFERENCES timezone (id),
      ADD CONSTRAINT fk_tenant_language_id FOREIGN KEY (language_id) REFERENCES language (id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE tenant DROP version, DROP language_id, DROP timezone_id`);
  }
}

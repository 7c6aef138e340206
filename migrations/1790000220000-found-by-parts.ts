import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The back office finds rows by any part of a text (ADR 141): an index of the three characters from each place on,
 * without an extension.
 */
export class FoundByParts1790000220000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION app_parts(given text) RETURNS text[]
      LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      AS $$ SELECT ARRAY(SELECT substr(given, n, 3) FROM generate_series(1, length(given) - 2) n) $$`);
    for (const [name, on] of Object.entries(INDEXES)) {
      await runner.query(`CREATE INDEX ${name} ON ${on}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`DROP INDEX ${name}`);
    await runner.query('DROP FUNCTION app_parts(text)');
  }
}

const INDEXES = {
  idx_tenant_parts: 'tenant USING gin (app_parts(app_search_text(organization)))',
  idx_user_profile_parts: 'user_profile USING gin (app_parts(listed_as))',
  idx_invitation_parts: 'invitation USING gin (app_parts(app_search_text(email)))',
  // Masked addresses of people are found by who they are.
  idx_audit_entry_parts: `audit_entry USING gin (app_parts(app_search_text(subject_name)))
    WHERE subject_name NOT LIKE '_…@%'`,
};

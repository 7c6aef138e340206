import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports are removed after 90 days: nothing younger can be. */
export class RowImportRetention1790000215000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX idx_row_import_created_at ON row_import (created_at)');
    await runner.query(
      'CREATE POLICY upkeep_reads ON row_import FOR SELECT TO app_upkeep USING (true)',
    );
    await runner.query(`CREATE POLICY upkeep_removes ON row_import FOR DELETE TO app_upkeep
      USING (created_at < now() - interval '90 days')`);
    await runner.query('GRANT SELECT (id, created_at), DELETE ON row_import TO app_upkeep');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('REVOKE SELECT (id, created_at), DELETE ON row_import FROM app_upkeep');
    await runner.query('DROP POLICY upkeep_removes ON row_import');
    await runner.query('DROP POLICY upkeep_reads ON row_import');
    await runner.query('DROP INDEX idx_row_import_created_at');
  }
}

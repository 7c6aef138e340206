import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All members read on the dashboard that a withdrawn invitation holds again. */
export class RestoredInvitations1790000230200 implements MigrationInterface {
  up(runner: QueryRunner): Promise<void> {
    return rebuild(runner, `UNION SELECT '${ACTION}'`);
  }

  down(runner: QueryRunner): Promise<void> {
    return rebuild(runner, `EXCEPT SELECT '${ACTION}'`);
  }
}

const ACTION = 'invitation.restored';

/** The actions so far are read from the index: which modules came before differs between installations. */
async function rebuild(runner: QueryRunner, change: string): Promise<void> {
  await runner.query(`DO $$
    DECLARE actions text;
    BEGIN
      WITH shared AS (
        SELECT (regexp_matches(pg_get_expr(indpred, indrelid), '''([a-z_]+\\.[a-z_]+)''', 'g'))[1] AS action
        FROM pg_index WHERE indexrelid = 'idx_audit_entry_shared'::regclass)
      SELECT string_agg(quote_literal(action), ', ' ORDER BY action) INTO actions
        FROM (SELECT action FROM shared ${change}) AS kept (action);
      DROP INDEX idx_audit_entry_shared;
      EXECUTE 'CREATE INDEX idx_audit_entry_shared ON audit_entry (tenant_id, at, id)
        WHERE action IN (' || actions || ')';
    END $$`);
}

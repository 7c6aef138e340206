import type { QueryRunner } from 'typeorm';

const VERBS = ['created', 'changed', 'deleted', 'restored'];

/**
 * Lets every member read on the dashboard what becomes of rows of this kind (`contract`): adds its actions to the
 * index `idx_audit_entry_shared`.
 */
export async function shareActions(runner: QueryRunner, kind: string): Promise<void> {
  await rebuild(runner, `shared UNION SELECT unnest(ARRAY[${actionsOf(kind)}])`);
}

/** Undoes `shareActions`. */
export async function unshareActions(runner: QueryRunner, kind: string): Promise<void> {
  await rebuild(runner, `shared EXCEPT SELECT unnest(ARRAY[${actionsOf(kind)}])`);
}

function actionsOf(kind: string): string {
  return VERBS.map((verb) => `'${kind}.${verb}'`).join(', ');
}

/** The actions so far are read from the index: which modules came before differs between installations. */
async function rebuild(runner: QueryRunner, selection: string): Promise<void> {
  await runner.query(`DO $$
    DECLARE actions text;
    BEGIN
      WITH shared AS (
        SELECT (regexp_matches(pg_get_expr(indpred, indrelid), '''([a-z_]+\\.[a-z_]+)''', 'g'))[1] AS action
        FROM pg_index WHERE indexrelid = 'idx_audit_entry_shared'::regclass)
      SELECT string_agg(quote_literal(action), ', ' ORDER BY action) INTO actions
        FROM (SELECT action FROM ${selection}) AS kept (action);
      DROP INDEX idx_audit_entry_shared;
      EXECUTE 'CREATE INDEX idx_audit_entry_shared ON audit_entry (tenant_id, at, id)
        WHERE action IN (' || actions || ')';
    END $$`);
}

import type { QueryRunner } from 'typeorm';

/**
 * Gives every row of `table` a consecutive number of its organisation and year in `column`, a text of 20 characters
 * that is not null. The database gives it to new rows, in the transaction that adds them, and refuses to
 * change it. Rows that are there get theirs in the order of their creation.
 */
export async function numberRows(
  runner: QueryRunner,
  table: string,
  column = 'number',
): Promise<void> {
  await asOwner(runner, [table, 'tenant', 'number_counter'], async () => {
    await runner.query(`ALTER TABLE ${table} DISABLE TRIGGER stamp_audit`);
    await runner.query(`UPDATE ${table} r SET ${column} = number_text(o.year, o.position)
      FROM (SELECT id, year, row_number() OVER (PARTITION BY tenant_id, year ORDER BY created_at, id)::integer AS position
        FROM (SELECT id, tenant_id, created_at, number_year(tenant_id, created_at) AS year FROM ${table}) dated) o
      WHERE r.id = o.id`);
    await runner.query(`ALTER TABLE ${table} ENABLE TRIGGER stamp_audit`);
    await runner.query(`INSERT INTO number_counter (tenant_id, series, year, position)
      SELECT tenant_id, '${table}', number_year(tenant_id, created_at), count(*) FROM ${table} GROUP BY 1, 3`);
  });
  await runner.query(`CREATE TRIGGER give_number BEFORE INSERT ON ${table}
    FOR EACH ROW EXECUTE FUNCTION give_number('${column}')`);
  await runner.query(`CREATE TRIGGER keep_number BEFORE UPDATE OF ${column} ON ${table} FOR EACH ROW
    WHEN (OLD.${column} IS DISTINCT FROM NEW.${column}) EXECUTE FUNCTION keep_number()`);
}

/** Undoes `numberRows`; the column is still there. */
export async function unnumberRows(runner: QueryRunner, table: string): Promise<void> {
  await runner.query(`DROP TRIGGER keep_number ON ${table}`);
  await runner.query(`DROP TRIGGER give_number ON ${table}`);
  await asOwner(runner, ['number_counter'], () =>
    runner.query(`DELETE FROM number_counter WHERE series = '${table}'`),
  );
}

/** The owner of the tables is held to row-level security too: it steps aside for these statements. */
async function asOwner(
  runner: QueryRunner,
  tables: readonly string[],
  work: () => Promise<unknown>,
): Promise<void> {
  for (const each of tables) await runner.query(`ALTER TABLE ${each} NO FORCE ROW LEVEL SECURITY`);
  await work();
  for (const each of tables) await runner.query(`ALTER TABLE ${each} FORCE ROW LEVEL SECURITY`);
}

import { Backend } from '../../src/pglite-wire/backend.js';
import { Gate } from '../../src/pglite-wire/gate.js';
import { query } from '../../src/pglite-wire/messages.js';
import { Upkeep } from '../../src/pglite-wire/upkeep.js';

it('frees dead rows, keeps statistics and shortens the log, as a server does in the background', async () => {
  const backend = await Backend.open(undefined, undefined, () => undefined);
  const upkeep = new Upkeep(backend, new Gate(), 60_000);
  await backend.run(
    query(
      'create table note as select n, repeat(md5(n::text), 20) as body from generate_series(1, 20000) n',
    ),
  );
  for (let round = 0; round < 3; round += 1) await backend.run(query('update note set n = n + 1'));
  // Statistics are published once a second, unless asked for.
  await backend.run(query('select pg_stat_force_next_flush()'));
  const state = async (): Promise<{ dead: number; analyzed: boolean; log: number }> => {
    const [row] = await backend.query<{ dead: number; analyzed: boolean; log: number }>(`
      select n_dead_tup::int as dead, last_analyze is not null as analyzed,
             pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::int as log
      from pg_stat_user_tables, pg_control_checkpoint() where relname = 'note'`);
    if (!row) throw new Error('the table has no statistics');
    return row;
  };
  const before = await state();
  expect(before.dead).toBeGreaterThan(50_000);
  expect(before.log).toBeGreaterThan(32 * 1024 * 1024);

  await upkeep.run();

  const after = await state();
  expect(after).toMatchObject({ dead: 0, analyzed: true });
  expect(after.log).toBeLessThan(1024 * 1024);
  upkeep.stop();
  await backend.close();
});

import type { Backend } from './backend.js';
import type { Gate } from './gate.js';

/** How far the log may grow before a checkpoint lets its files be used again. */
const LOG_BYTES = 32 * 1024 * 1024;

/** The thresholds of PostgreSQL's autovacuum. */
const TABLE_TO_VACUUM = `
  select format('%I.%I', schemaname, relname) as name
  from pg_stat_user_tables
  where n_dead_tup > 50 + 0.2 * n_live_tup or n_mod_since_analyze > 50 + 0.1 * n_live_tup
  order by greatest(n_dead_tup, n_mod_since_analyze) desc
  limit 1`;

const LOG_TO_REPLAY = `
  select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()`;

/**
 * PGlite has no background processes: without this, the log would grow for as long as the process
 * runs, dead rows would never be freed and the planner would know nothing of the tables.
 */
export class Upkeep {
  private readonly timer: NodeJS.Timeout;
  private running = false;

  constructor(
    private readonly backend: Backend,
    private readonly gate: Gate,
    interval: number,
  ) {
    this.timer = setInterval(() => void this.run(), interval).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** At most one table at a time, so that nobody waits long. */
  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      await this.gate.exclusively(async () => {
        const [table] = await this.backend.query<{ name: string }>(TABLE_TO_VACUUM);
        if (table) await this.backend.query(`VACUUM (ANALYZE) ${table.name}`);
        const [log] = await this.backend.query<{ bytes: number }>(LOG_TO_REPLAY);
        if (log && log.bytes > LOG_BYTES) await this.backend.query('CHECKPOINT');
      });
    } catch {
      // Tried again at the next interval; what is wrong shows where the application asks.
    } finally {
      this.running = false;
    }
  }
}

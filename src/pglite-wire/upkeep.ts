import type { Backend } from './backend.js';
import type { Gate } from './gate.js';

/** Size of the write-ahead log after which a checkpoint is made. */
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
 * Periodic checkpoint and vacuum: PGlite has no background processes, so the log would grow without bound,
 * dead rows would stay and statistics would be missing.
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

  /** Vacuums at most one table per run, which bounds the time others wait. */
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
      // Retried at the next interval; a persistent error shows in the application's statements.
    } finally {
      this.running = false;
    }
  }
}

import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { runInContext } from '../context/request-context.js';

interface Due {
  everySeconds: number;
  /** Also due when this process has added this many rows. */
  everyAdditions?: number;
}

interface Sweep extends Due {
  name: string;
  remove: () => Promise<number>;
  added: number;
  sweptAt: number;
}

/** Interval at which a process runs due sweeps, in ms. */
const ASKING = 1_000;

/**
 * Deletes expired rows in the background of every process, so that no request waits for it. For sweeps more
 * frequent than daily; they need neither queue nor leader.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Sweeper');
  private readonly sweeps: Sweep[] = [];
  private running: Promise<unknown> | null = null;
  private timer?: NodeJS.Timeout;

  /** Registers a sweep, during module initialisation; `remove` returns the number of deleted rows. */
  add(name: string, due: Due, remove: () => Promise<number>): void {
    this.sweeps.push({ name, ...due, remove, added: 0, sweptAt: performance.now() });
  }

  /** Reports rows that the sweep `name` will have to delete. */
  noteAdded(name: string, rows: number): void {
    const sweep = this.sweeps.find((each) => each.name === name);
    if (sweep) sweep.added += rows;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweepDue(), ASKING).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Runs all sweeps, due or not. Returns the number of deleted rows. */
  async sweepAll(): Promise<number> {
    await this.running;
    return this.round(this.sweeps);
  }

  /** Runs due sweeps; does nothing while an earlier round is running. */
  async sweepDue(): Promise<void> {
    const due = this.sweeps.filter(isDue);
    if (due.length > 0 && !this.running) await this.round(due);
  }

  private async round(sweeps: Sweep[]): Promise<number> {
    const round = runInContext({}, () => this.sweepEach(sweeps));
    this.running = round;
    try {
      return await round;
    } finally {
      this.running = null;
    }
  }

  /** Runs sweeps; a failing one is retried when due again and does not prevent the others. */
  private async sweepEach(sweeps: Sweep[]): Promise<number> {
    let removed = 0;
    for (const sweep of sweeps) {
      Object.assign(sweep, { added: 0, sweptAt: performance.now() });
      try {
        removed += await sweep.remove();
      } catch (error) {
        this.log.warn(`The ${sweep.name} could not be swept: ${(error as Error).message}`);
      }
    }
    return removed;
  }
}

function isDue({ added, everyAdditions = Infinity, everySeconds, sweptAt }: Sweep): boolean {
  return added >= everyAdditions || performance.now() - sweptAt >= everySeconds * 1000;
}

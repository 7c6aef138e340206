import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { runInContext } from '../context/request-context.js';

interface Due {
  everySeconds: number;
  /** Also as soon as this process has added so many rows. */
  everyAdditions?: number;
}

interface Sweep extends Due {
  name: string;
  remove: () => Promise<number>;
  added: number;
  sweptAt: number;
}

/** How often a process asks whether a sweep is due, in milliseconds. */
const ASKING = 1_000;

/**
 * Removes rows that are over beside the requests that add them, in every process: no request waits for
 * it, and no refusal skips it. What is due less often than daily needs no queue and no leader.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Sweeper');
  private readonly sweeps: Sweep[] = [];
  private running: Promise<unknown> | null = null;
  private timer?: NodeJS.Timeout;

  /** Declares a sweep, while modules start; `remove` returns how many rows went. */
  add(name: string, due: Due, remove: () => Promise<number>): void {
    this.sweeps.push({ name, ...due, remove, added: 0, sweptAt: performance.now() });
  }

  /** Says that rows were added, of which `name` sweeps some day. */
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

  /** All of them, due or not. Returns how many rows went. */
  async sweepAll(): Promise<number> {
    await this.running;
    return this.round(this.sweeps);
  }

  /** Nothing while an earlier round still runs. */
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

  /** One that fails is tried again when it is due again, and keeps no other from its turn. */
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

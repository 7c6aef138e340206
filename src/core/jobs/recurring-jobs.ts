import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { runInContext } from '../context/request-context.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { JobQueue } from './job-queue.js';
import type { JobData, QueueName } from './queues.js';

/** Queues whose jobs carry nothing. */
type Recurring = {
  [Q in QueueName]: JobData[Q] extends Record<string, never> ? Q : never;
}[QueueName];

/** How often a worker asks whether something is due, in milliseconds. */
const ASKING = 5 * 60 * 1000;

/**
 * Jobs that are done again and again, and that nobody causes. Every worker adds those that are due; the
 * queue lets one through in each period, so nobody has to be the one who is in charge.
 */
@Injectable()
export class RecurringJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');
  private readonly periods = new Map<Recurring, number>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly config: AppConfig,
    private readonly jobs: JobQueue,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** A job of this queue is due once in each so many seconds, counted from 1970 (UTC). */
  every(seconds: number, queue: Recurring): void {
    this.periods.set(queue, seconds);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.ROLE === 'web') return;
    await this.jobs.ready;
    await this.addDue();
    this.timer = setInterval(() => void this.addDue(), ASKING).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Adds those that are due; what was added in its period already is not added again. One that cannot be
   * added is logged, and asked for again in the next round.
   */
  async addDue(): Promise<void> {
    for (const [queue, seconds] of this.periods) {
      await this.add(queue, seconds).catch((error: Error) =>
        this.log.warn(`The recurring job ${queue} could not be added: ${error.message}`),
      );
    }
  }

  private add(queue: Recurring, singletonSeconds: number): Promise<void> {
    return runInContext({}, () =>
      this.unitOfWork.run(() => this.jobs.enqueue(queue, {}, { singletonSeconds })),
    );
  }
}

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

/** Queues whose jobs have no data. */
type Recurring = {
  [Q in QueueName]: JobData[Q] extends Record<string, never> ? Q : never;
}[QueueName];

/** Interval at which a worker adds due jobs, in ms. */
const ASKING = 5 * 60 * 1000;

/**
 * Recurring jobs. Every worker adds those that are due; the queue accepts one per period, so no leader is
 * needed.
 *
 * pg-boss's `schedule()` works with the rights of our login, but sends each occurrence through a queue of
 * its own, `__pgboss__send-it`: one more queue to poll every 5 s, whose jobs would fill the list of the back
 * office, schedules in a table that outlive the feature that declared them, and nothing is due when an
 * installation starts for the first time.
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

  /** Registers a job of this queue once per period of this many seconds, counted from 1970 (UTC). */
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
   * Adds due jobs; one already added in its period is skipped. A failure is logged and retried in the next
   * round.
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

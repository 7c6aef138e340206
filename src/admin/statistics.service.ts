import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '../core/jobs/job-queue.js';
import { RecurringJobs } from '../core/jobs/recurring-jobs.js';
import { StatisticsRepository, type Figures } from './statistics.repository.js';

/** So many rows are counted while somebody waits (some 50 ms); more of them by a job. */
const COUNTED_AT_ONCE = 10_000;
/** Seconds between two jobs. */
const COUNTED_EVERY = 600;
/** Seconds after which nobody waits for the job any more: no worker may be running. */
const TOO_OLD = 3600;

export interface Statistics {
  figures: Figures;
  /** Null when they are of this moment. */
  countedAt: Date | null;
}

/**
 * How the product is doing. A small one is counted while staff wait; of a big one the page shows what
 * a job counted, and says when.
 */
@Injectable()
export class StatisticsService implements OnModuleInit {
  constructor(
    private readonly statistics: StatisticsRepository,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('statistics', () => this.count().then(() => undefined));
    this.recurring.every(COUNTED_EVERY, 'statistics');
  }

  async latest(): Promise<Statistics> {
    const kept = await this.statistics.kept();
    if (kept && isMuch(kept.figures) && kept.age < TOO_OLD) {
      return { figures: kept.figures, countedAt: kept.countedAt };
    }
    return { figures: await this.count(), countedAt: null };
  }

  /** Counts, and keeps what took long. */
  private async count(): Promise<Figures> {
    const figures = await this.statistics.count();
    if (isMuch(figures)) await this.statistics.keep(figures);
    return figures;
  }
}

function isMuch({ funnel, sessions }: Figures): boolean {
  return funnel.registered + sessions > COUNTED_AT_ONCE;
}

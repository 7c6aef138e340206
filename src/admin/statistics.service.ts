import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StartSections } from '../core/back-office/start/start-sections.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import { RecurringJobs } from '../core/jobs/recurring-jobs.js';
import { StatisticsRepository, type Figures } from './statistics.repository.js';

/**
 * Up to this number of rows the statistics are counted during the request (about 50 ms); above it by a job.
 */
const COUNTED_AT_ONCE = 10_000;
/** Seconds between two runs of the job. */
const COUNTED_EVERY = 600;
/** Age in seconds after which the page counts itself: there may be no worker. */
const TOO_OLD = 3600;

export interface Statistics {
  figures: Figures;
  /** When the snapshot was counted; null when counted for this request. */
  countedAt: Date | null;
}

/**
 * Statistics of the product: counted during the request while they are few, else read from the snapshot of a
 * job, with its time.
 */
@Injectable()
export class StatisticsService implements OnModuleInit {
  constructor(
    private readonly statistics: StatisticsRepository,
    private readonly sections: StartSections,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('statistics', () => this.count().then(() => undefined));
    this.recurring.every(COUNTED_EVERY, 'statistics');
  }

  async latest(): Promise<Statistics> {
    const kept = await this.statistics.kept();
    // A snapshot of the version before has no sections.
    if (kept?.figures.sections && isMuch(kept.figures) && kept.age < TOO_OLD) {
      return { figures: kept.figures, countedAt: kept.countedAt };
    }
    return { figures: await this.count(), countedAt: null };
  }

  /** Counts, and stores the result as a snapshot when there are many rows. */
  private async count(): Promise<Figures> {
    const [counted, sections] = await Promise.all([this.statistics.count(), this.sections.count()]);
    const figures = { ...counted, sections };
    if (isMuch(figures)) await this.statistics.keep(figures);
    return figures;
  }
}

function isMuch({ funnel, sessions, sections }: Figures): boolean {
  const ofFeatures = Object.values(sections).reduce((sum, { rows }) => sum + rows, 0);
  return funnel.registered + sessions + ofFeatures > COUNTED_AT_ONCE;
}

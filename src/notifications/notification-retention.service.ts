import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { untilNone } from '../core/database/until-none.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import { DAY } from '../core/jobs/queues.js';
import { RecurringJobs } from '../core/jobs/recurring-jobs.js';
import { NotificationRetentionRepository } from './notification-retention.repository.js';

/** Daily: notifications go back 90 days. */
@Injectable()
export class NotificationRetention implements OnModuleInit {
  private readonly log = new Logger('Notifications');

  constructor(
    private readonly retention: NotificationRetentionRepository,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('notification_retention', async () => {
      this.log.log(`Removed ${await this.remove()} notifications`);
    });
    this.recurring.every(DAY, 'notification_retention');
  }

  /** Works in batches; after an interruption the next run continues. */
  remove(): Promise<number> {
    return untilNone(() => this.retention.remove());
  }
}

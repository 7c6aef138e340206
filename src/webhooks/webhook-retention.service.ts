import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { untilNone } from '../core/database/until-none.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import { DAY } from '../core/jobs/queues.js';
import { RecurringJobs } from '../core/jobs/recurring-jobs.js';
import { WebhookRetentionRepository } from './webhook-retention.repository.js';

/** Daily: the log of deliveries goes back 30 days. */
@Injectable()
export class WebhookRetention implements OnModuleInit {
  private readonly log = new Logger('Webhooks');

  constructor(
    private readonly retention: WebhookRetentionRepository,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('webhook_retention', async () => {
      const { deliveries, events } = await this.remove();
      this.log.log(`Removed ${deliveries} deliveries and ${events} events of webhooks`);
    });
    this.recurring.every(DAY, 'webhook_retention');
  }

  /** Works in batches; after an interruption the next run continues. */
  async remove(): Promise<{ deliveries: number; events: number }> {
    const deliveries = await untilNone(() => this.retention.removeDeliveries());
    return { deliveries, events: await untilNone(() => this.retention.removeEvents()) };
  }
}

import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { runInContext } from '../../core/context/request-context.js';
import { scheduleRole } from '../../core/database/privileged/schedule.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import type { JobData, QueueName } from '../../core/jobs/queues.js';
import { RecurringJobs } from '../../core/jobs/recurring-jobs.js';
import type { Schedule } from './schedule.js';
import { TenantJobsRepository } from './tenant-jobs.repository.js';

/** Data of a job that each organisation has once per period. */
export interface TenantPeriod {
  /** The first day of the period in the time zone of the organisation, ISO 8601. */
  day: string;
}

/** Queues of such jobs. */
type TenantQueue = {
  [Q in QueueName]: JobData[Q] extends TenantPeriod
    ? TenantPeriod extends JobData[Q]
      ? Q
      : never
    : never;
}[QueueName];

/** Seconds between two looks: time zones differ by quarters of an hour. */
const LOOKING = 15 * 60;

/** Organisations whose jobs are added in one transaction. */
const BATCH = 500;

/**
 * Jobs that each open organisation has once per day, week or month. That its period was claimed is committed with the
 * job, so that it is added once, whatever the number of workers; a period that is over is not made up for.
 */
@Injectable()
export class TenantJobs implements OnModuleInit {
  private readonly log = new Logger('Jobs');
  private readonly schedules = new Map<TenantQueue, Schedule>();

  constructor(
    private readonly tenants: TenantJobsRepository,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('tenant_jobs', () => this.addDue());
    this.recurring.every(LOOKING, 'tenant_jobs');
  }

  /**
   * Runs `work` in the context of each organisation, once per period. One that fails is tried again as its queue says,
   * so `work` is one unit of work, or does nothing twice.
   */
  handle(queue: TenantQueue, schedule: Schedule, work: (period: TenantPeriod) => Promise<void>) {
    this.schedules.set(queue, schedule);
    this.jobs.handle(queue, work);
  }

  /** Adds the jobs for which it is time. What fails is logged and tried again a quarter of an hour later. */
  async addDue(): Promise<void> {
    for (const [queue, schedule] of this.schedules) {
      await this.addAll(queue, schedule).catch((error: Error) =>
        this.log.warn(`Jobs of ${queue} could not be added: ${error.message}`),
      );
    }
  }

  private async addAll(queue: TenantQueue, schedule: Schedule): Promise<void> {
    for (let after: string | null | undefined = null; after !== undefined;) {
      after = await this.addBatch(queue, schedule, after);
    }
  }

  /** Returns the last organisation of the batch; undefined when there was none. */
  private addBatch(queue: TenantQueue, schedule: Schedule, after: string | null) {
    return this.unitOfWork.runAs(scheduleRole, async () => {
      const due = await this.tenants.claim(queue, schedule, after, BATCH);
      for (const { tenantId, day } of due) {
        // Its data is a period, as the type of the queue says; without any such queue that is `never`.
        const period = { day } satisfies TenantPeriod as never;
        await runInContext({ tenantId }, () => this.jobs.enqueue(queue, period));
      }
      return due.at(-1)?.tenantId;
    });
  }
}

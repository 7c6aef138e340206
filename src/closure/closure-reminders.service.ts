import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { runInContext } from '../core/context/request-context.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import { RecurringJobs } from '../core/jobs/recurring-jobs.js';
import { Mailer } from '../core/mail/mailer.js';
import { AdminMails } from '../members/admin-mails.service.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { ClosureRepository } from './closure.repository.js';

const HOUR = 3600;

/**
 * Reminds the admins of closed organisations 7 days and 1 day before the erasure. The claim of a reminder and its
 * mails are committed together, so that each is sent once, whatever the number of workers.
 */
@Injectable()
export class ClosureReminders implements OnModuleInit {
  private readonly log = new Logger('Closure');

  constructor(
    private readonly closures: ClosureRepository,
    private readonly tenants: TenantsService,
    private readonly admins: AdminMails,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('closure_reminders', () => this.sendDue());
    this.recurring.every(HOUR, 'closure_reminders');
  }

  /** What fails for one organisation is logged and tried again in an hour. */
  async sendDue(): Promise<void> {
    for (const tenantId of await this.closures.toRemind()) {
      await runInContext({ tenantId }, () => this.remind()).catch((error: unknown) =>
        this.log.error(`No reminder could be sent to ${tenantId}: ${String(error)}`),
      );
    }
  }

  private remind(): Promise<void> {
    return this.unitOfWork.run(async () => {
      const due = await this.closures.claimReminder();
      if (!due) return;
      const { organization } = await this.tenants.settings();
      await this.admins.send('organisation-erasure-near', {
        organization,
        count: due.days,
        day: due.eraseAt.toISOString().slice(0, 10),
        url: this.mailer.link('/settings/closure/'),
      });
    });
  }
}

import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import type { Principal } from '../core/context/principal.js';
import { requireSuperuser } from '../core/http/access/require-superuser.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import { JobQueue } from '../core/jobs/job-queue.js';

/** Lets superusers retry jobs of the dead-letter queue. */
@Injectable()
export class JobAdministration {
  constructor(
    private readonly jobs: JobQueue,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Moves the job back to its queue with all its retries.
   * @throws DomainError `conflict` when it cannot be moved
   */
  async retry(me: Principal, id: string, queue: string): Promise<void> {
    requireSuperuser(me);
    await this.unitOfWork.run(async () => {
      if (!(await this.jobs.retry(id))) throw new DomainError('conflict', 'admin.errors.no_retry');
      const subject = { kind: 'job', id, name: queue };
      await this.audit.record({ action: 'job.retried', subject, tenantId: null });
    });
  }
}

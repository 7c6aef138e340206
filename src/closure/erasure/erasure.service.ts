import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AuditRedaction } from '../../audit/redaction/audit-redaction.service.js';
import { ClosingBilling } from '../../billing/closing/closing-billing.service.js';
import { runInContext } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { RecurringJobs } from '../../core/jobs/recurring-jobs.js';
import { ObjectStorage } from '../../core/storage/object-storage.js';
import { StorageGarbageCollector } from '../../core/storage/storage-garbage-collector.js';
import { isKey } from '../../core/storage/storage-key.js';
import { MembershipRelease } from '../../users/membership-release.service.js';
import { childrenFirst, erasedTables } from './erasure-order.js';
import { ErasureRepository, type Removed } from './erasure.repository.js';

const HOUR = 3600;

interface Step {
  table: string;
  isOfItself: boolean;
}

/**
 * Erases organisations that were closed for 30 days (ADR 113): every table that features declare as data of an
 * organisation, referring rows first, with the files that only these rows name. Each batch is committed with its number in the
 * record of the erasure, so that an interrupted erasure goes on where it was. A worker that begins takes over: what
 * another one still does is refused by its attempt's number.
 */
@Injectable()
export class Erasure implements OnModuleInit {
  private readonly log = new Logger('Erasure');

  constructor(
    private readonly erasures: ErasureRepository,
    private readonly billing: ClosingBilling,
    private readonly memberships: MembershipRelease,
    private readonly trail: AuditRedaction,
    private readonly storage: ObjectStorage,
    private readonly files: StorageGarbageCollector,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('organisation_erasure', () => this.eraseDue());
    this.recurring.every(HOUR, 'organisation_erasure');
  }

  /** Erases all that are due. What fails for one is logged, and goes on in an hour. */
  async eraseDue(): Promise<void> {
    for (const tenantId of await this.erasures.due()) {
      await this.within(tenantId, () => this.erase());
    }
    for (const tenantId of await this.erasures.withPendingFiles()) {
      await this.within(tenantId, () => this.removeFiles());
    }
  }

  private async within(tenantId: string, work: () => Promise<void>): Promise<void> {
    await runInContext({ tenantId }, work).catch((error: unknown) => {
      if (error instanceof Superseded) return;
      this.log.error(`${tenantId} could not be erased: ${String(error)}`);
    });
  }

  private async erase(): Promise<void> {
    // The payment provider is told first: without a row there is nobody left to tell it.
    await this.billing.endSubscription();
    const attempt = await this.erasures.begin();
    if (attempt === null) return;
    const steps = await this.steps();
    for (const step of steps) {
      let removed: Removed;
      do removed = await this.alone(attempt, () => this.remove(step));
      while (removed.count > 0 && !step.isOfItself);
    }
    await this.removeFiles();
    await this.trail.redact((entries) => this.requireHeld(attempt, entries));
    await this.alone(attempt, () => this.finish(steps));
    await this.removeFiles();
  }

  private async steps(): Promise<Step[]> {
    const references = await this.erasures.references();
    return childrenFirst(erasedTables(), references).map((table) => ({
      table,
      isOfItself: references.some(({ child, parent }) => child === table && parent === table),
    }));
  }

  private async remove({ table, isOfItself }: Step): Promise<Removed> {
    const removed = await this.erasures.remove(table, isOfItself);
    const files = removed.keys.filter((key) => isKey(key));
    if (removed.count > 0) await this.erasures.note(table, removed.count, files);
    return removed;
  }

  /**
   * The last unit of work: what a request that was under way has added since, people, jobs, customer, trail, and the
   * organisation. Where it fails, nothing of it has happened, and it is tried again.
   */
  private async finish(steps: readonly Step[]): Promise<void> {
    // One order of locks everywhere: the organisation, then what is below it.
    await this.erasures.lockOrganisation();
    for (const { table } of steps) await this.remove({ table, isOfItself: true });
    const people = await this.memberships.releaseAll();
    await this.noteSome('jobs', await this.jobs.removeOfTenant());
    const invoices = await this.billing.keptInvoices();
    await this.noteSome('billing_customer', await this.billing.forgetCustomers());
    const entries = await this.trail.finish();
    await this.noteSome('audit_entry', entries);
    const logo = await this.erasures.removeOrganisation();
    await this.erasures.note('tenant', 1, logo ? [logo] : []);
    await this.erasures.finish({ people, invoices });
  }

  private async noteSome(table: string, count: number): Promise<void> {
    if (count > 0) await this.erasures.note(table, count);
  }

  private async requireHeld(attempt: number, entries: number): Promise<void> {
    if (!(await this.erasures.holds(attempt))) throw new Superseded();
    await this.erasures.note('audit_entry', entries);
  }

  /** A unit of work of the latest attempt. */
  private alone<T>(attempt: number, work: () => Promise<T>): Promise<T> {
    return this.unitOfWork.run(async () => {
      if (!(await this.erasures.holds(attempt))) throw new Superseded();
      return work();
    });
  }

  /**
   * A key stays in the record until its file is gone. Text of a removed row can be the key of somebody else's file: one
   * that a row refers to stays, and the organisation's own logo until its row is removed.
   */
  private async removeFiles(): Promise<void> {
    const keys = await this.erasures.pendingFiles();
    const unused = new Set(await this.files.unused(keys));
    for (const key of keys) {
      if (unused.has(key)) await this.storage.remove(key);
      await this.unitOfWork.run(() => this.erasures.noteFile(key, unused.has(key)));
    }
  }
}

/** A later attempt has begun. */
class Superseded extends Error {}

import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AuditRetention, type Forgotten } from '../../audit/audit-retention.service.js';
import { AppConfig } from '../../core/config/config.js';
import { untilNone } from '../../core/database/until-none.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { DAY } from '../../core/jobs/queues.js';
import { RecurringJobs } from '../../core/jobs/recurring-jobs.js';
import { Sweeper } from '../../core/jobs/sweeper.js';
import {
  StorageGarbageCollector,
  type Swept,
} from '../../core/storage/storage-garbage-collector.js';
import { RetentionRepository } from './retention.repository.js';

/** Number of deleted rows, or with `dryRun` of rows to delete. */
export interface Purged extends Forgotten {
  sessions: number;
  spentTokens: number;
  links: number;
}

/**
 * Daily retention: deletes expired sessions, links and files. The audit trail keeps what was done (ADR 31).
 */
@Injectable()
export class RetentionService implements OnModuleInit {
  private readonly log = new Logger('Purge');

  constructor(
    private readonly purge: RetentionRepository,
    private readonly orphans: StorageGarbageCollector,
    private readonly jobs: JobQueue,
    private readonly recurring: RecurringJobs,
    private readonly sweeper: Sweeper,
    private readonly audit: AuditRetention,
    private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('purge', () => this.daily());
    this.recurring.every(DAY, 'purge');
  }

  async countRows(): Promise<Purged> {
    const { SESSION_IDLE_HOURS } = this.config;
    return {
      sessions: await this.purge.countSessions(SESSION_IDLE_HOURS),
      spentTokens: await this.purge.countSpentTokens(SESSION_IDLE_HOURS),
      links: await this.purge.countLinks(),
      ...(await this.audit.count()),
    };
  }

  /** Works in batches; after an interruption the next run continues. */
  async removeRows(): Promise<Purged> {
    const purged = { sessions: 0, spentTokens: 0, links: 0 };
    const { SESSION_IDLE_HOURS } = this.config;
    for (let sessions = -1; sessions !== 0;) {
      purged.spentTokens += await untilNone(() => this.purge.removeSpentTokens(SESSION_IDLE_HOURS));
      sessions = await this.purge.removeSessions(SESSION_IDLE_HOURS);
      purged.sessions += sessions;
    }
    await untilNone(() => this.purge.removePendingSignIns());
    purged.links = await untilNone(() => this.purge.removeLinks());
    return { ...purged, ...(await this.audit.remove()) };
  }

  /** Deletes files that no row refers to. @throws DomainError `unavailable` */
  sweepFiles(how: { dryRun: boolean; isForced: boolean }): Promise<Swept> {
    return this.orphans.sweep(how);
  }

  private async daily(): Promise<void> {
    const { sessions, spentTokens, links, personalData, strangers } = await this.removeRows();
    const swept = await this.sweeper.sweepAll();
    const { orphans, isRefused } = await this.sweepFiles({ dryRun: false, isForced: false });
    const files = isRefused ? 0 : orphans;
    this.log.log(
      `The audit trail forgot the address and device of ${personalData} entries and ${strangers} old sign-ins that failed`,
    );
    this.log.log(
      `Removed ${sessions} sessions, ${spentTokens} spent tokens, ${links} links, ${swept} counters and kept answers, ${files} files`,
    );
    if (isRefused) this.log.warn(`No row points to ${orphans} files: so many cannot be right`);
  }
}

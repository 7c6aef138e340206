import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { retentionRole } from '../../core/database/privileged/retention.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { untilNone } from '../../core/database/until-none.js';
import { DAY } from '../../core/jobs/queues.js';
import { Sweeper } from '../../core/jobs/sweeper.js';

/** Rows a statement removes at most: nobody waits long for one. */
const BATCH = 1_000;

/**
 * Deletes notifications that were dealt with `BILLING_EVENT_DAYS` ago, with the daily retention. One that is parked or
 * waits stays until it is done. A provider that sent one again so late would have its customer fetched anew, no more.
 */
@Injectable()
export class EventsRetention implements OnModuleInit {
  constructor(
    private readonly config: AppConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly sweeper: Sweeper,
  ) {}

  onModuleInit(): void {
    const due = { everySeconds: DAY };
    this.sweeper.add('billing events', due, () => untilNone(() => this.remove()));
  }

  private remove(): Promise<number> {
    return this.unitOfWork.runAs(retentionRole, () =>
      this.unitOfWork.execute(
        `DELETE FROM billing_event WHERE id IN (
           SELECT id FROM billing_event WHERE state = 'done' AND done_at < now() - make_interval(days => $1)
           ORDER BY done_at LIMIT ${BATCH})`,
        [this.config.BILLING_EVENT_DAYS],
      ),
    );
  }
}

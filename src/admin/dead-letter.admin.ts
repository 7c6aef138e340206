import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { Job } from '../core/jobs/job.entity.js';
import { DEAD_LETTERS } from '../core/jobs/queues.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';
import type { Row } from '../core/back-office/row.js';
import { JobAdministration } from './job-administration.service.js';

/** Jobs that failed after all their retries. */
@Injectable()
export class DeadLetterAdmin extends AdminEntity<Job> {
  readonly entity = Job;
  readonly path = 'dead-letters';
  readonly group = 'operations';
  readonly icon = 'alert';
  override readonly position = 1;
  readonly title = 'sourceName';
  readonly list = ['sourceRetryCount', 'sourceCreatedOn', 'createdOn', 'keepUntil'] as const;
  override readonly foundBy = [{ text: 'r.source_name', isScanned: true }] as const;
  readonly orders = { createdOn: { type: 'time', descending: true } } as const;
  override readonly only = `r.name = '${DEAD_LETTERS}' AND r.state = 'created'`;
  override readonly hidden = [
    'name',
    'state',
    'retryCount',
    'retryLimit',
    'startAfter',
    'startedOn',
    'completedOn',
    'output',
  ] as const;

  override readonly actions = {
    retry: {
      icon: 'refresh',
      isBulk: true,
      isGoneAfterwards: true,
      isOffered: () => true,
      run: (me: Principal, { id, source_name }: Row) =>
        this.jobs.retry(me, id, String(source_name)),
    },
  };

  constructor(private readonly jobs: JobAdministration) {
    super();
  }
}

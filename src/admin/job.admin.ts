import { Injectable } from '@nestjs/common';
import { JOB_STATES, Job } from '../core/jobs/job.entity.js';
import { DEAD_LETTERS } from '../core/jobs/queues.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';

/** Jobs that are waiting, running or just completed. */
@Injectable()
export class JobAdmin extends AdminEntity<Job> {
  readonly entity = Job;
  readonly path = 'jobs';
  readonly group = 'operations';
  readonly icon = 'server';
  override readonly position = 2;
  readonly title = 'name';
  readonly list = ['state', 'retryCount', 'startAfter', 'completedOn', 'createdOn'] as const;
  override readonly foundBy = [{ text: 'r.name', isScanned: true }] as const;
  readonly orders = { createdOn: { type: 'time', descending: true } } as const;
  override readonly only: string = `r.name <> '${DEAD_LETTERS}'`;
  override readonly filters = {
    state: Object.fromEntries(JOB_STATES.map((word) => [word, `r.state = '${word}'`])),
  };
  override readonly words = { state: JOB_STATES };
  override readonly hidden: ReadonlyArray<keyof Job> = [
    'sourceName',
    'sourceCreatedOn',
    'sourceRetryCount',
    'sourceOutput',
  ];
}

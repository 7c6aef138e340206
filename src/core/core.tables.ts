import type { TableDeclaration } from './features/feature.js';

/** Tables of the platform; `pgboss.*` stands for every table of the job engine. */
export const CORE_TABLES: Readonly<Record<string, TableDeclaration>> = {
  kept_mail: {
    kind: 'personal',
    grants: { outbox: ['select', 'insert', 'delete'], staff: ['select'] },
  },
  'pgboss.*': {
    kind: 'global',
    grants: {
      outbox: ['select', 'insert'],
      // Its ledger and the job are written in one statement, which has one role.
      billing: ['select', 'insert'],
      // Jobs of an organisation that is erased.
      erasure: ['select', 'delete'],
      // Retrying moves a job from the dead-letter queue back to its queue.
      staff: ['select', 'insert', 'update', 'delete'],
    },
  },
  // Stored answers by key hash; encrypted, and readable as a privileged role only.
  idempotent_answer: {
    kind: 'global',
    grants: { idempotency: ['select', 'insert', 'update', 'delete'] },
  },
  rate_limit: {
    kind: 'global',
    grants: { identity: ['select', 'insert', 'update', 'delete'] },
  },
  // Consecutive numbers of rows: written by the trigger `give_number`.
  number_counter: {
    kind: 'tenant',
    notExported: 'the last number of each series, which its rows have',
  },
  // Written by src/core/csv.
  row_import: {
    kind: 'tenant',
    notExported: 'which rows came from which file, so that an import can be taken back',
    grants: { retention: ['select', 'delete'] },
  },
  // Written by the sample data, read where sample rows are not like others.
  sample_row: {
    kind: 'tenant',
    notExported: 'which rows are sample data: the rows themselves are exported',
    grants: { samples: ['select'] },
  },
  migrations: { kind: 'global' },
};

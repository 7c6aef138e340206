import type { TableDeclaration } from './features/feature.js';

/** The tables of the platform itself; `pgboss.*` is every table of the job engine. */
export const CORE_TABLES: Readonly<Record<string, TableDeclaration>> = {
  kept_mail: {
    kind: 'personal',
    grants: { outbox: ['select', 'insert', 'delete'], staff: ['select'] },
  },
  'pgboss.*': {
    kind: 'global',
    grants: {
      outbox: ['select', 'insert'],
      // A job that was given up is moved back to its queue.
      staff: ['select', 'insert', 'update', 'delete'],
    },
  },
  // Answers by the hash of a key; encrypted, and readable for a privileged role only.
  idempotent_answer: {
    kind: 'global',
    grants: { idempotency: ['select', 'insert', 'update', 'delete'] },
  },
  rate_limit: {
    kind: 'global',
    grants: { identity: ['select', 'insert', 'update', 'delete'] },
  },
  migrations: { kind: 'global' },
};

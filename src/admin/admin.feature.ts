import { defineFeature } from '../core/features/feature.js';
import { AdminModule } from './admin.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** Counts the statistics of the start page, every ten minutes. */
    statistics: Record<string, never>;
  }
}

/** The back office: its start page, jobs and mails; features declare the entities. */
export const admin = defineFeature({
  name: 'admin',
  module: AdminModule,
  tables: {
    // Numbers per day.
    kept_figures: { kind: 'global', grants: { staff: ['select', 'insert', 'update'] } },
    // What staff noted about an organisation.
    staff_note: {
      kind: 'tenant',
      notExported: 'notes of the operator, for its own people',
      grants: { staff: ['select', 'insert', 'update', 'delete'] },
    },
    saved_list: {
      kind: 'personal',
      grants: { staff: ['select', 'insert', 'update', 'delete'] },
    },
  },
  audit: {
    actions: {
      'job.retried': { kind: 'operator' },
      'list.downloaded': { kind: 'operator' },
      'staff_note.added': { kind: 'operator' },
      'staff_note.changed': { kind: 'operator' },
      'staff_note.deleted': { kind: 'operator' },
    },
  },
  nav: [
    {
      section: 'admin',
      href: '/admin/',
      icon: 'shield',
      text: 'admin.nav',
      position: 85,
      audience: 'staff',
      group: 'administration',
    },
  ],
  queues: {
    // A failed run is not repeated: the next run replaces it.
    statistics: {
      retryLimit: 0,
      expireInSeconds: 300,
      retentionSeconds: 1200,
      deleteAfterSeconds: 1200,
    },
  },
});

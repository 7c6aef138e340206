import { defineFeature } from '../core/features/feature.js';
import { AdminModule } from './admin.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** Every ten minutes: figures that take long to count. */
    statistics: Record<string, never>;
  }
}

/** The back office: its start page, jobs and mails; features declare the entities. */
export const admin = defineFeature({
  name: 'admin',
  module: AdminModule,
  tables: {
    // How many of what on which day.
    kept_figures: { kind: 'global', grants: { staff: ['select', 'insert', 'update'] } },
  },
  audit: { actions: { 'job.retried': { kind: 'operator' } } },
  nav: [
    {
      section: 'admin',
      href: '/admin/',
      icon: 'shield',
      text: 'layout.nav.staff_admin',
      position: 85,
      audience: 'staff',
      group: 'administration',
    },
  ],
  queues: {
    // The next one takes its place.
    statistics: {
      retryLimit: 0,
      expireInSeconds: 300,
      retentionSeconds: 1200,
      deleteAfterSeconds: 1200,
    },
  },
});

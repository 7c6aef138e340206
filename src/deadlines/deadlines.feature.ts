import { defineFeature } from '../core/features/feature.js';
import { notification } from '../core/features/notification.js';
import { PATIENT } from '../core/jobs/queues.js';
import type { TenantPeriod } from '../tenants/jobs/tenant-jobs.service.js';
import { DeadlinesModule } from './deadlines.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** Tells the members of an organisation what is due today, each morning. */
    deadline_reminders: TenantPeriod;
  }
}

/** What falls due, of the kinds of rows that features declare in `agenda`. */
export const deadlines = defineFeature({
  name: 'deadlines',
  module: DeadlinesModule,
  queues: { deadline_reminders: PATIENT },
  notifications: {
    'deadline.today': notification<{ title: string; count: number; others: number }>({
      icon: 'clock',
      href: '/dashboard/',
    }),
  },
});

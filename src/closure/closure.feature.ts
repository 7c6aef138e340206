import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import { PATIENT } from '../core/jobs/queues.js';
import { ClosureModule } from './closure.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** The subscription of a closed organisation ends with its period. */
    closing_subscription: Record<string, never>;
    /** Mails admins before the erasure, every hour. */
    closure_reminders: Record<string, never>;
    /** Erases what is due, every hour. */
    organisation_erasure: Record<string, never>;
  }
}

interface ClosureMail {
  organization: string;
  /** Of the erasure, ISO 8601. */
  day: string;
  url: string;
}

/** Closing an organisation, and its erasure 30 days later. */
export const closure = defineFeature({
  name: 'closure',
  module: ClosureModule,
  tables: {
    // Ids, moments and numbers of organisations that are gone.
    organisation_erasure: {
      kind: 'global',
      grants: { erasure: ['select', 'insert', 'update'], staff: ['select'] },
    },
  },
  permissions: {
    'closure:read': { roles: ['admin'], isForPeopleOnly: true },
    'closure:write': { roles: ['admin'], isForPeopleOnly: true },
  },
  audit: {
    actions: {
      'tenant.closing': { kind: 'organisation' },
      'tenant.reopened': { kind: 'organisation' },
      'tenant.erased': { kind: 'organisation' },
    },
  },
  queues: {
    closing_subscription: PATIENT,
    closure_reminders: PATIENT,
    // Goes on where it was after an interruption; may take an hour.
    organisation_erasure: { ...PATIENT, retryLimit: 2, expireInSeconds: 3600 },
  },
  mails: {
    'organisation-closing': mail<ClosureMail & { by: string; days: number }>(),
    /** `count`: days. */
    'organisation-erasure-near': mail<ClosureMail & { count: number }>(),
    'organisation-reopened': mail<{ organization: string; by: string; url: string }>(),
  },
});

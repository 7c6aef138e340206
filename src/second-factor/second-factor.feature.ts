import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import { PATIENT } from '../core/jobs/queues.js';
import type { Notice } from '../core/mail/mailer.js';
import { SecondFactorCard } from './second-factor.card.js';
import { SecondFactorModule } from './second-factor.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** Mails everybody of the organisation who has no second factor. */
    second_factor_reminders: { organization: string };
  }
}

/** Second factors of people: authenticator apps and recovery codes. */
export const secondFactor = defineFeature({
  name: 'second-factor',
  module: SecondFactorModule,
  tables: {
    totp: {
      kind: 'personal',
      grants: { identity: ['select', 'insert', 'update', 'delete'] },
    },
    recovery_code: {
      kind: 'personal',
      grants: { identity: ['select', 'insert', 'update', 'delete'] },
    },
  },
  audit: {
    actions: {
      'second_factor.added': { kind: 'access' },
      'second_factor.removed': { kind: 'access' },
      'recovery_code.used': { kind: 'access' },
      'recovery_code.replaced': { kind: 'access' },
      'tenant.security_changed': { kind: 'access' },
    },
    fields: {
      recovery_codes: 'plain',
      second_factor_from: 'plain',
    },
  },
  queues: { second_factor_reminders: PATIENT },
  permissions: {
    'security:read': { roles: ['admin'], isForPeopleOnly: true },
    'security:write': { roles: ['admin'], isForPeopleOnly: true },
  },
  settingsTabs: [
    {
      name: 'security',
      href: '/settings/security/',
      text: 'second-factor.policy.tab',
      position: 40,
      isHiddenFromImpersonators: true,
    },
  ],
  checklist: [
    {
      href: '/profile/security/',
      text: 'second-factor.checklist',
      hint: 'second-factor.checklist_hint',
      position: 40,
      isDone: ({ secondFactors }) => secondFactors.length > 0,
    },
  ],
  onboardingSteps: {
    // Of an organisation that requires it, and of staff everywhere.
    second_factor: {
      path: '/profile/second-factor/',
      position: 40,
      isForBackOffice: true,
      isDone: (
        { assurance, secondFactors, impersonator, isStaff, isSecondFactorDue },
        { REQUIRE_STAFF_SECOND_FACTOR },
      ) =>
        (assurance === 2 && secondFactors.length > 0) ||
        impersonator !== null ||
        !(isSecondFactorDue || (isStaff && REQUIRE_STAFF_SECOND_FACTOR)),
    },
  },
  rateLimits: {
    second_factor_reminder: { seconds: 3600, perAddress: 20, perAccount: 5 },
  },
  profileCards: [
    {
      section: 'security',
      position: 20,
      source: SecondFactorCard,
      isHiddenFromImpersonators: true,
    },
  ],
  mails: {
    // Kinds of factors as in `users.factors`.
    'second-factor-added': mail<Notice & { kind: string }>(),
    'second-factor-removed': mail<Notice & { kind: string }>(),
    'recovery-code-used': mail<Notice & { left: number }>(),
    'recovery-codes-new': mail<Notice>(),
    // `from`: the day (ISO 8601) from which it is required; null: it is optional.
    'second-factor-reminder': mail<{ url: string; organization: string; from: string | null }>(),
  },
});

import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import { notification } from '../core/features/notification.js';
import { DAY, PATIENT } from '../core/jobs/queues.js';
import type { Notice } from '../core/mail/mailer.js';
import { UsersModule } from './users.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /**
     * A reset link was requested, or a taken address was registered; the response does not reveal whether the
     * address is known.
     */
    password_reset: { email: string; isRegistration?: boolean };
    /** Once a day: deletes what has expired. */
    purge: Record<string, never>;
  }
}

/** Accounts: users, passwords, sessions, access tokens, sign-in and mailed links. */
export const users = defineFeature({
  name: 'users',
  module: UsersModule,
  tables: {
    users: {
      kind: 'personal',
      grants: {
        identity: ['select', 'insert', 'update'],
        flags: ['select'],
        // The identity role reads who may sign in, and who is staff.
        staff: ['select', 'update'],
      },
    },
    user_profile: {
      kind: 'tenant',
      kept: 'people keep their account, which belongs to no organisation afterwards',
      grants: {
        // The staff role may update only the list name, when an address changes.
        identity: ['select', 'insert', 'update'],
        flags: ['select'],
        // A trigger writes whether the account is open; no other column may be written.
        staff: ['select', 'update'],
        // The retention role may read only storage keys.
        retention: ['select'],
      },
    },
    session: {
      kind: 'personal',
      grants: {
        identity: ['select', 'insert', 'update', 'delete'],
        staff: ['select'],
        retention: ['select', 'delete'],
      },
    },
    user_token: {
      kind: 'personal',
      grants: {
        identity: ['select', 'insert', 'update', 'delete'],
        retention: ['select', 'delete'],
      },
    },
    spent_token: {
      kind: 'personal',
      grants: { identity: ['select', 'insert', 'delete'], retention: ['select', 'delete'] },
    },
    // No session: nothing but the completion of a sign-in reads it.
    pending_sign_in: {
      kind: 'personal',
      grants: {
        identity: ['select', 'insert', 'update', 'delete'],
        retention: ['select', 'delete'],
      },
    },
    signing_key: {
      kind: 'global',
      grants: { identity: ['select', 'insert', 'update', 'delete'] },
    },
  },
  audit: {
    kinds: {
      access: { icon: 'lock', position: 30 },
      accounts: { icon: 'user', position: 40 },
    },
    actions: {
      'sign_in.succeeded': { kind: 'access' },
      'sign_in.failed': { kind: 'access' },
      'second_factor.refused': { kind: 'access' },
      'second_factor.reset': { kind: 'access' },
      'session.confirmed': { kind: 'access' },
      'session.signed_out': { kind: 'access' },
      'session.ended': { kind: 'access' },
      'session.compromised': { kind: 'access' },
      'password.changed': { kind: 'access' },
      'password.reset': { kind: 'access' },
      'email.verified': { kind: 'access' },
      'account.created': { kind: 'accounts' },
      'account.claimed': { kind: 'accounts' },
      'account.released': { kind: 'accounts' },
      'account.secured': { kind: 'accounts' },
      'signing_key.rotated': { kind: 'keys' },
      'staff.promoted': { kind: 'operator' },
    },
    fields: {
      sessions: 'plain',
      email: 'masked',
      kid: 'plain',
      is_staff: 'plain',
      is_superuser: 'plain',
      members: 'plain',
      api_keys: 'plain',
      invitations: 'plain',
      method: { words: 'users.factors' },
    },
  },
  checklist: [
    {
      href: '/profile/#email-card',
      text: 'users.checklist',
      hint: 'users.checklist_hint',
      position: 10,
      isDone: ({ emailVerified }) => emailVerified,
    },
  ],
  onboardingSteps: {
    email: {
      path: '/email/verify/',
      position: 20,
      isDone: ({ emailVerified }, { REQUIRE_VERIFIED_EMAIL }) =>
        emailVerified || !REQUIRE_VERIFIED_EMAIL,
    },
  },
  queues: {
    password_reset: PATIENT,
    // Kept for a day, so that only one per day is added.
    purge: { ...PATIENT, expireInSeconds: 3600, deleteAfterSeconds: 2 * DAY },
  },
  notifications: {
    'sign_in.new_device': notification<{ device: string }>({
      icon: 'laptop',
      href: '/profile/security/',
      mail: 'new-device',
    }),
  },
  mails: {
    'verify-email': mail<{ url: string; hours: number }>(),
    'password-reset': mail<{ url: string; hours: number }>(),
    'password-changed': mail<Notice>(),
    'new-device': mail<
      Notice & {
        browser: string | null;
        os: string | null;
        program: string | null;
        ip: string;
        /** ISO 8601, UTC. */
        day: string;
      }
    >(),
    'email-change-confirm': mail<{ url: string; email: string; hours: number }>(),
    'email-change-notice': mail<Notice & { email: string }>(),
    'email-changed': mail<Partial<Notice> & { email: string }>(),
    'second-factor-reset': mail<Notice>(),
    'account-exists': mail<{ url: string; hours: number }>(),
    // Number of suspended members.
    'account-claimed': mail<{
      url: string;
      members: number;
      memberNames: string;
      keys: number;
      keyNames: string;
      invitations: number;
    }>(),
  },
  rateLimits: {
    sign_in: { seconds: 300, perAddress: 60, perAccount: 10, failuresOnly: true },
    register: { seconds: 600, perAddress: 40 },
    refresh: { seconds: 300, perAddress: 600, perAccount: 600 },
    /** Beyond `reset_mail` no mail is sent and the response is the same: the latest link works. */
    password_reset: { seconds: 3600, perAddress: 40 },
    /** Routes that take a second factor; proofs are limited by person and by sign-in too. */
    second_factor: { seconds: 300, perAddress: 60 },
    reset_confirm: { seconds: 3600, perAddress: 60, perAccount: 60 },
    /** Re-entering a password within a session: guessing must not be cheaper than at sign-in. */
    reauthenticate: { seconds: 300, perAddress: 60, perAccount: 10 },
    send_link: { seconds: 3600, perAddress: 40, perAccount: 5 },
  },
});

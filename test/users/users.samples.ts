import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/password-reset/confirm/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
    '/email/verify/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
    '/email/change/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
    '/email/not-me/:token': { text: 'x'.repeat(43), why: 'a secret, known by its hash' },
  },
  rows: {
    user_profile: () => ({ tenant_joined_at: new Date(), profile_completed_at: new Date() }),
    pending_sign_in: () => ({
      methods: ['password'],
      tries: 0,
      created_at: new Date(),
      expires_at: new Date(Date.now() + 300_000),
    }),
    // Nobody acts on anybody's behalf.
    session: () => ({
      acting_session_id: null,
      acting_staff_id: null,
      acting_staff_name: null,
      acting_reason: null,
      assurance: 1,
      methods: ['password'],
    }),
  },
  pages: {
    anyone: [
      '/login/',
      '/register/',
      '/password-reset/',
      '/password-reset/done/',
      '/password-reset/confirm/:reset/',
      '/password-reset/complete/',
      '/email/verify/nonsense/',
      '/email/change/nonsense/',
      '/email/not-me/nonsense/',
    ],
    newcomer: ['/email/verify/'],
    acting: ['/email/verify/'],
  },
  noPages: {
    '/profile/password/': 'leads back to /profile/security/',
    '/profile/email/': 'leads back to /profile/',
  },
  mails: {
    'verify-email': { url: 'http://atrium.test/a/path/', hours: 72 },
    'password-reset': { url: 'http://atrium.test/a/path/', hours: 1 },
    'new-device': {
      url: 'http://atrium.test/a/path/',
      isNotMe: true,
      browser: 'Firefox',
      os: 'Linux',
      program: null,
      ip: '192.0.2.17',
      day: '2026-11-27',
    },
    'password-changed': { url: 'http://atrium.test/a/path/', isNotMe: true },
    'email-change-confirm': {
      url: 'http://atrium.test/a/path/',
      email: 'new@acme.test',
      hours: 24,
    },
    'email-change-notice': {
      url: 'http://atrium.test/a/path/',
      isNotMe: false,
      email: 'new@acme.test',
    },
    'email-changed': { email: 'new@acme.test' },
    'second-factor-reset': { url: 'http://atrium.test/a/path/', isNotMe: true },
    'account-exists': { url: 'http://atrium.test/a/path/', hours: 1 },
    'account-claimed': {
      url: 'http://atrium.test/a/path/',
      members: 1,
      memberNames: 'Bert',
      keys: 2,
      keyNames: 'Robot, Import',
      invitations: 3,
    },
  },
};

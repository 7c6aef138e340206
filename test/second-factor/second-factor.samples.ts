import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: { '/settings/security/:id': { row: 'user_profile' } },
  pages: {
    newcomer: ['/profile/second-factor/'],
    member: ['/profile/second-factor/', '/profile/second-factor/authenticator/', '/confirm/'],
    admin: ['/settings/security/'],
  },
  noPages: {
    '/login/second-factor/': 'leads to /login/ unless a sign-in waits',
    '/profile/second-factor/recovery-codes/': 'leads back to /profile/second-factor/',
  },
  mails: {
    'second-factor-added': { url: 'http://atrium.test/a/path/', isNotMe: true, kind: 'totp' },
    'second-factor-removed': { url: 'http://atrium.test/a/path/', isNotMe: true, kind: 'totp' },
    'recovery-code-used': { url: 'http://atrium.test/a/path/', isNotMe: true, left: 9 },
    'second-factor-reminder': {
      url: 'http://atrium.test/a/path/',
      organization: 'Acme',
      from: '2026-12-31',
    },
    'recovery-codes-new': { url: 'http://atrium.test/a/path/', isNotMe: false },
  },
};

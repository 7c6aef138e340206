import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: {
    newcomer: ['/profile/second-factor/'],
    member: ['/profile/second-factor/', '/profile/second-factor/authenticator/', '/confirm/'],
    acting: ['/profile/second-factor/'],
  },
  noPages: {
    '/login/second-factor/': 'leads to /login/ unless a sign-in waits',
    '/profile/second-factor/recovery-codes/': 'leads back to /profile/second-factor/',
  },
  mails: {
    'second-factor-added': { url: 'http://atrium.test/a/path/', isNotMe: true, kind: 'totp' },
    'second-factor-removed': { url: 'http://atrium.test/a/path/', isNotMe: true, kind: 'totp' },
    'recovery-code-used': { url: 'http://atrium.test/a/path/', isNotMe: true, left: 9 },
    'recovery-codes-new': { url: 'http://atrium.test/a/path/', isNotMe: false },
  },
};

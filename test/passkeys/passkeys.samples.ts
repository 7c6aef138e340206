import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: { '/profile/passkeys/:id': { row: 'passkey' } },
  pages: { admin: ['/profile/passkeys/', '/profile/passkeys/new/'] },
  noPages: {
    '/login/passkey/': 'leads to /login/',
    '/login/passkey/options/': 'JSON for the script',
    '/login/second-factor/options/': 'JSON for the script',
    '/confirm/options/': 'JSON for the script',
    '/profile/passkeys/options/': 'JSON for the script',
  },
  mails: {
    'passkey-added': { url: 'http://atrium.test/a/path/', isNotMe: true, name: 'My phone' },
    'passkey-removed': { url: 'http://atrium.test/a/path/', isNotMe: true, name: 'My phone' },
  },
};

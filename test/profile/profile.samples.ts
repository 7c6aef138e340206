import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/profile/sessions/:id': { row: 'session' },
    '/api/v1/me/sessions/:id': { row: 'session' },
  },
  typed: { '/api/v1/me': { marketing_emails: true } },
  pages: {
    newcomer: ['/profile/complete/'],
    admin: ['/profile/', '/profile/security/', '/profile/data/'],
    acting: ['/profile/', '/profile/security/', '/profile/complete/'],
  },
  noPages: {
    '/profile/deactivate/': 'leads back to /profile/data/',
    '/.well-known/change-password/': 'leads to /profile/security/',
  },
};

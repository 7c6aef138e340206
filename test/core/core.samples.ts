import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/media/:kind': { text: 'avatars', why: 'a folder of pictures' },
    '/media/:kind/:name': { text: `${'0'.repeat(64)}.webp`, why: 'an address nobody can guess' },
    '/admin/:entity': { text: 'tenants', why: 'the list of an entity, for staff only' },
    '/admin/:entity/bulk/:action': {
      text: 'deactivate',
      why: 'a word: what to do with what is ticked',
    },
    '/admin/:entity/:id': { row: 'tenant' },
    '/admin/:entity/:id/:action': { text: 'deactivate', why: 'a word: what to do with a row' },
  },
  typed: { '/admin/:entity': { role: 'member' } },
  pages: {
    anyone: ['/nowhere/'],
    staff: [
      '/admin/users/',
      '/admin/users/?q=nobody+is+called+this',
      '/admin/users/bulk/deactivate/?id=:user',
      '/admin/users/:user/',
      '/admin/profiles/:profile/',
      '/admin/profiles/:profile/edit/',
      '/admin/profiles/:profile/deactivate/',
      '/admin/tenants/:tenant/',
      '/admin/mails/:mail/',
      '/admin/jobs/',
      '/admin/dead-letters/',
      '/admin/audit/',
      '/admin/countries/',
    ],
  },
};

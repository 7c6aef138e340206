import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: { '/admin/users/:id': { row: 'users' } },
  typed: {
    '/admin/users/:id/act': {
      reason: 'To take it over, if that is possible',
      minutes: '60',
      mode: 'change',
    },
  },
  pages: { staff: ['/admin/users/:user/act/'] },
};

import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: { '/settings/api/:id': { row: 'api_key' } },
  rows: { api_key: () => ({ scopes: ['members:read'] }) },
  pages: { admin: ['/settings/api/'], acting: ['/settings/api/'] },
};

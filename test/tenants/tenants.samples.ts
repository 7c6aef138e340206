import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: { '/settings/data/:id': { row: 'tenant_export' } },
  // Only one is under way at a time; of those that are done there are many.
  rows: { tenant_export: () => ({ state: 'ready' }) },
  pages: { admin: ['/settings/general/', '/settings/data/'] },
  noPages: { '/settings/data/:id/download/': 'a file' },
  mails: { 'tenant-export': { url: 'http://atrium.test/a/path/', days: 7 } },
};

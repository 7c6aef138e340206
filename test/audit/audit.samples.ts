import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  idFields: { subject_id: 'tenant' },
  // Beside the chain, whose entries count from 1: what the application writes next finds its place.
  rows: { audit_entry: () => ({ position: -1 }) },
  pages: { admin: ['/settings/activity/', '/settings/activity/?kind=access'] },
  noPages: { '/settings/activity.csv/': 'a file' },
};

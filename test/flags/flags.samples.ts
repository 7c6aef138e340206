import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/admin/flags/:name': { flag: true, why: 'a feature, by the name it has in the code' },
  },
  typed: {
    '/admin/flags/:name': { kind: 'tenant', state: 'off', unit: 'tenant', percent: '0' },
  },
  // Of an organisation or of a person, never of both.
  rows: { feature_override: () => ({ user_id: null }) },
  pages: { staff: ['/admin/flags/'] },
};

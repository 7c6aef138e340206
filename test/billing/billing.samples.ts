import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: { admin: ['/settings/billing/'] },
};

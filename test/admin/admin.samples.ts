import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: { staff: ['/admin/', '/admin/search/?q=acme'] },
};

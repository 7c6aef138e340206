import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: {
    anyone: ['/contact/', '/status/', '/legal/terms/', '/legal/privacy/'],
    acting: ['/contact/', '/status/', '/legal/terms/', '/legal/privacy/'],
  },
};

import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: {
    founder: ['/dashboard/'],
    member: ['/dashboard/'],
    admin: ['/dashboard/'],
    acting: ['/dashboard/'],
  },
};

import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: { member: ['/dashboard/'], admin: ['/dashboard/'], acting: ['/dashboard/'] },
};

import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: { anyone: ['/'], acting: ['/'] },
};

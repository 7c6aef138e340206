import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  noPages: { '/settings/': 'leads to /settings/users/' },
};

import { defineFeature } from '../core/features/feature.js';
import { SearchModule } from './search.module.js';

/** Search from any page: the palette, its page without script, and the API. */
export const search = defineFeature({
  name: 'search',
  module: SearchModule,
  // What is found needs a permission of its own as well.
  permissions: { 'search:read': { roles: ['admin', 'member'] } },
  // People type: a word is several requests, and an office has one address.
  rateLimits: { search: { seconds: 60, perAddress: 3_000, perAccount: 300 } },
});

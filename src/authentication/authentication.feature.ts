import { defineFeature } from '../core/features/feature.js';
import { AuthenticationModule } from './authentication.module.js';

/** Authentication by session cookie, access token or API key. */
export const authentication = defineFeature({
  name: 'authentication',
  module: AuthenticationModule,
});

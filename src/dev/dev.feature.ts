import { defineFeature } from '../core/features/feature.js';
import { DevModule } from './dev.module.js';

/** Pages for developers; outside production only. */
export const dev = defineFeature({
  name: 'dev',
  module: DevModule,
  isForDevelopment: true,
});

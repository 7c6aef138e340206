import { defineFeature } from '../core/features/feature.js';
import { HealthModule } from './health.module.js';

/** Probes and figures for the platform the product runs on. */
export const health = defineFeature({
  name: 'health',
  module: HealthModule,
});

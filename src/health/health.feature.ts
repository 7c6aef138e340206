import { defineFeature } from '../core/features/feature.js';
import { HealthModule } from './health.module.js';

/** Health probes and metrics. */
export const health = defineFeature({
  name: 'health',
  module: HealthModule,
});

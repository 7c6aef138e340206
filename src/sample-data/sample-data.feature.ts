import { defineFeature } from '../core/features/feature.js';
import { SampleDataModule } from './sample-data.module.js';

/** Sample rows for a new organisation, as features declare them in `sampleData`, and their removal in one step. */
export const sampleData = defineFeature({
  name: 'sample-data',
  module: SampleDataModule,
  audit: {
    actions: {
      'sample_data.added': { kind: 'organisation' },
      'sample_data.removed': { kind: 'organisation' },
    },
    fields: { sample_rows: 'plain', kept_rows: 'plain' },
  },
});

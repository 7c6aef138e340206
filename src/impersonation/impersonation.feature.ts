import { defineFeature } from '../core/features/feature.js';
import { ImpersonationModule } from './impersonation.module.js';

/** Impersonation of customers by superusers, limited in time and with a reason. */
export const impersonation = defineFeature({
  name: 'impersonation',
  module: ImpersonationModule,
  audit: {
    actions: {
      'impersonation.started': { kind: 'operator' },
      'impersonation.ended': { kind: 'operator' },
    },
    fields: { until: 'plain', may_write: 'plain' },
  },
});

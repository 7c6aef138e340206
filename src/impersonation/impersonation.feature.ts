import { defineFeature } from '../core/features/feature.js';
import { ImpersonationModule } from './impersonation.module.js';

/** Staff who act for a customer, for a while and with a reason. */
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

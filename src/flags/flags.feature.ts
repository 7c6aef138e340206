import { defineFeature } from '../core/features/feature.js';
import { FlagsModule } from './flags.module.js';

/**
 * Feature flags, decided by staff for everybody, a percentage, or one organisation or person.
 * i18n-uses: flags.units.*
 */
export const flags = defineFeature({
  name: 'flags',
  module: FlagsModule,
  tables: {
    feature_override: {
      kind: 'tenant',
      notExported: 'decisions of the operator',
      grants: { flags: ['select', 'insert', 'update', 'delete'] },
    },
    feature_rollout: {
      kind: 'global',
      grants: { flags: ['select', 'insert', 'update', 'delete'] },
    },
  },
  audit: {
    actions: { 'flag.changed': { kind: 'operator' } },
    fields: { is_on: 'plain', percent: 'plain', unit: { words: 'flags.units' } },
  },
});

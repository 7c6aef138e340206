import { permissionText } from '../core/features/declared-texts.js';
import { defineFeature } from '../core/features/feature.js';
import { ApiKeysModule } from './api-keys.module.js';

/** API keys of an organisation. */
export const apiKeys = defineFeature({
  name: 'api-keys',
  module: ApiKeysModule,
  tables: {
    // The identity role finds the organisation of a key and may update only when the key was last used.
    api_key: {
      kind: 'tenant',
      notExported: 'hashes of secrets; who made and revoked a key is in the activity',
      grants: { identity: ['select', 'update'] },
    },
  },
  permissions: {
    'api_keys:read': { roles: ['admin'], isForPeopleOnly: true },
    'api_keys:write': { roles: ['admin'], isForPeopleOnly: true },
  },
  audit: {
    kinds: { keys: { icon: 'key', position: 60 } },
    actions: { 'api_key.created': { kind: 'keys' }, 'api_key.revoked': { kind: 'keys' } },
    fields: { scopes: { textOf: permissionText }, expires_at: 'plain' },
  },
  entitlements: { api_keys: { description: 'api-keys.title' } },
  settingsTabs: [
    {
      name: 'api',
      href: '/settings/api/',
      text: 'api-keys.tab',
      position: 30,
      isHiddenFromImpersonators: true,
    },
  ],
});

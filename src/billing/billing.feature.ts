import { defineFeature } from '../core/features/feature.js';
import { BillingModule } from './billing.module.js';

/** The billing tab of an organisation. */
export const billing = defineFeature({
  name: 'billing',
  module: BillingModule,
  permissions: { 'billing:read': { roles: ['admin'], isForPeopleOnly: true } },
  settingsTabs: [
    {
      name: 'billing',
      href: '/settings/billing/',
      text: 'billing.tab',
      position: 60,
      isHiddenFromImpersonators: true,
    },
  ],
});

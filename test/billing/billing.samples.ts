import type { Samples } from '../support/samples.js';

const SANDBOX = 'not there unless BILLING_PROVIDER is the sandbox';

export const samples: Samples = {
  parameters: {
    '/api/webhooks/:provider': { text: 'sandbox', why: 'a payment provider, by name' },
    '/dev/billing/checkout/:id': { text: 'cs_1', why: 'an id of the sandbox provider' },
    '/dev/billing/portal/:id': { text: 'cus_1', why: 'an id of the sandbox provider' },
    '/dev/billing/invoice/:id': { text: 'in_1', why: 'an id of the sandbox provider' },
  },
  rows: {
    // A plan has a key and a version, or neither.
    tenant: () => ({ plan_key: null }),
    // What is owed adds up.
    invoice: () => ({ net: 1, vat: 0, total: 1 }),
  },
  pages: { admin: ['/settings/billing/'] },
  noPages: {
    '/dev/billing/': SANDBOX,
    '/dev/billing/checkout/:id/': SANDBOX,
    '/dev/billing/portal/:id/': SANDBOX,
    '/dev/billing/invoice/:id/': SANDBOX,
  },
};

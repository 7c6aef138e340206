import type { Samples } from '../support/samples.js';

const BY_HAND = 'looked at where BILLING_PROVIDER is manual: test/browser/sold-by-staff.test.ts';
const SANDBOX = 'not there unless BILLING_PROVIDER is the sandbox';

const NOBODY = { name: 'Nobody', street: '', postalCode: '', city: '', country: 'BE' };

/** The least that a page of an invoice can show. */
const NO_INVOICE = {
  kind: 'invoice',
  currency: 'EUR',
  seller: { ...NOBODY, vatNumber: null, registration: null, email: '' },
  buyer: { ...NOBODY, vatNumber: null, registration: null, email: '' },
  lines: [],
  vat: [],
  net: '0',
  vatTotal: '0',
  total: '0',
  purchaseOrder: null,
  customerReference: '',
  account: null,
  corrects: null,
};

const NOTICE = { url: 'http://atrium.test/a/path/', plan: 'team', day: '2027-03-12' };

export const samples: Samples = {
  parameters: {
    '/settings/billing/return/:id': { row: 'checkout' },
    '/settings/billing/invoices/:id': { row: 'invoice' },
    '/settings/billing/issued/:id': { row: 'issued_invoice' },
    '/admin/tenants/:id': { row: 'tenant' },
    '/admin/tenants/:id/entitlements/:name': { text: 'projects', why: 'a limit, by its name' },
    '/admin/subscriptions/:id': { row: 'subscription' },
    '/admin/invoices/:id': { row: 'invoice' },
    '/api/webhooks/:provider': { text: 'sandbox', why: 'a payment provider, by name' },
    '/dev/billing/checkout/:id': { text: 'cs_1', why: 'an id of the sandbox provider' },
    '/dev/billing/portal/:id': { text: 'cus_1', why: 'an id of the sandbox provider' },
    '/dev/billing/invoice/:id': { text: 'in_1', why: 'an id of the sandbox provider' },
  },
  typed: {
    '/admin/tenants/:id/sell': {
      ...{ plan: 'team', interval: 'month', seats: '5', payment_days: '14', language: 'en' },
      ...{ legal_name: 'Acme NV', address: 'Kouter 1', postal_code: '9000', city: 'Gent' },
    },
    '/admin/tenants/:id/entitlements': { value: '5', reason: 'To see what happens' },
    '/admin/subscriptions/:id': {
      ...{ plan: 'team', interval: 'month', seats: '5', days: '5', reason: 'To see what happens' },
    },
    '/admin/invoices/:id': { paid_on: '2026-11-27' },
  },
  things: async ({ atrium }) => {
    const [row] = await atrium.sql<{ id: string }>('SELECT id FROM subscription WHERE is_live');
    return { subscription: row?.id ?? '' };
  },
  rows: {
    // A plan has a key and a version, or neither.
    tenant: () => ({ plan_key: null }),
    // What is owed adds up.
    invoice: () => ({ net: 1, vat: 0, total: 1 }),
    // What is owed adds up, and an invoice corrects none.
    issued_invoice: (marker) => ({
      kind: 'invoice',
      issued_on: '2026-11-27',
      due_on: '2026-12-27',
      corrects_id: null,
      net: 0,
      vat: 0,
      total: 0,
      content: { ...NO_INVOICE, customerReference: marker },
    }),
    manual_subscription: () => ({ seats: 1, payment_days: 30 }),
  },
  pages: {
    anyone: ['/pricing/?interval=year'],
    admin: [
      '/settings/billing/',
      '/settings/billing/plans/?interval=year',
      '/settings/billing/plan/?plan=business&interval=month',
      '/settings/billing/seats/?seats=20',
      '/settings/billing/details/',
      '/settings/billing/invoices/:bill/',
      '/settings/billing/issued/:invoice/',
    ],
    staff: [
      '/admin/subscriptions/',
      '/admin/invoices/',
      '/admin/billing-events/',
      '/admin/overrides/',
      '/admin/tenants/:tenant/entitlements/',
      '/admin/tenants/:tenant/entitlements/projects/',
      '/admin/tenants/:tenant/entitlements/api_keys/',
      '/admin/subscriptions/:subscription/change/?plan=business&interval=year&seats=20',
      '/admin/invoices/:bill/document/',
      '/admin/billing-events/replay_parked/',
    ],
  },
  mails: {
    'billing-trial-ends': NOTICE,
    'billing-payment-failed': NOTICE,
    'billing-read-only': NOTICE,
    'credit-note': {
      recipient: { kind: 'outsider', because: 'billing.mail.invoice.because' },
      organization: 'Atrium Software NV',
      url: 'http://atrium.test/a/path/',
      number: 'C2026-00007',
      total: '€101.64',
      corrects: '2026-00042',
    },
    invoice: {
      recipient: { kind: 'outsider', because: 'billing.mail.invoice.because' },
      organization: 'Atrium Software NV',
      url: 'http://atrium.test/a/path/',
      number: '2026-00042',
      total: '€101.64',
      due: '12 December 2026',
      iban: 'BE68 5390 0754 7034',
      holder: 'Atrium Software NV',
      communication: '+++090/9337/55493+++',
    },
  },
  noPages: {
    '/settings/billing/return/:id/': 'leads to /settings/billing/ once the provider knows',
    '/settings/billing/invoices/:id/ubl/': 'a file',
    '/settings/billing/issued/:id/ubl/': 'a file',
    '/admin/invoices/:id/ubl/': 'a file',
    '/admin/invoices/:id/paid/': BY_HAND,
    '/admin/subscriptions/:id/extend_trial/': BY_HAND,
    '/admin/subscriptions/sell/': BY_HAND,
    '/admin/tenants/:id/sell/': BY_HAND,
    '/dev/billing/': SANDBOX,
    '/dev/billing/checkout/:id/': SANDBOX,
    '/dev/billing/portal/:id/': SANDBOX,
    '/dev/billing/invoice/:id/': SANDBOX,
  },
};

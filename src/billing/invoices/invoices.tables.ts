import type { TableDeclaration } from '../../core/features/feature.js';

/** Tables of invoices that we issue ourselves, and of what staff sell. */
export const INVOICING_TABLES = {
  issued_invoice: {
    kind: 'tenant',
    kept: 'invoices are kept for ten years',
    grants: { billing: ['select', 'insert'] },
    notExported: 'each is downloaded as a page and as UBL under /settings/billing/',
  },
  invoice_settlement: {
    kind: 'tenant',
    kept: 'when an invoice was paid is kept with it',
    grants: { billing: ['select', 'insert'] },
    notExported: 'told with the invoice',
  },
  // The next number of each seller: nothing of anybody.
  invoice_counter: { kind: 'global', grants: { billing: ['select', 'insert', 'update'] } },
  manual_customer: {
    kind: 'tenant',
    grants: { billing: ['select', 'insert', 'update'] },
    notExported: 'the billing details, as the provider has them',
  },
  manual_subscription: {
    kind: 'tenant',
    grants: { billing: ['select', 'insert', 'update'] },
    notExported: 'the subscription, as the provider has it',
  },
  vat_check: {
    kind: 'tenant',
    grants: { billing: ['select', 'insert'] },
    notExported: 'what VIES said about the number that the organisation gave',
  },
} as const satisfies Record<string, TableDeclaration>;

import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { INVOICE_STATUSES } from '../provider/customer-state.js';
import { PROVIDER_NAMES } from '../provider/payment-provider.js';
import { amountText } from './amount-text.js';
import { Invoice } from './invoice.entity.js';
import { StaffInvoices } from '../sales/staff-invoices.service.js';
import { oneOf } from './subscription.admin.js';

@Injectable()
export class InvoiceAdmin extends AdminEntity<Invoice> {
  readonly entity = Invoice;
  readonly path = 'invoices';
  readonly group = 'customers';
  readonly icon = 'rows';
  override readonly position = 8;
  readonly title = 'number';
  readonly list = ['tenantId', 'status', 'total', 'issuedAt', 'dueAt'] as const;
  override readonly alsoRead = ['currency'] as const;
  override readonly search = 'number';
  override readonly listedUnder = ['tenant'];
  readonly orders = {
    fetchedAt: { type: 'time', descending: true },
    number: { type: 'text', fold: 'lower' },
  } as const;
  override readonly only = 'r.number IS NOT NULL';
  override readonly filters = {
    status: oneOf(
      'status',
      INVOICE_STATUSES.filter((word) => word !== 'draft'),
    ),
    provider: oneOf('provider', PROVIDER_NAMES),
  };
  override readonly inWords = { net: amountText, vat: amountText, total: amountText };
  override readonly words = { status: INVOICE_STATUSES, provider: PROVIDER_NAMES };
  override readonly hasTrail = true;

  override readonly pages = {
    document: { icon: 'eye', isForAllStaff: true, isOffered: () => true },
    paid: { icon: 'check', isOffered: (row: Row) => isOurs(row) && row.status === 'open' },
  } as const;
  override readonly actions = {
    credit: {
      icon: 'arrow-left',
      isDangerous: true,
      isOffered: (row: Row) => isOurs(row) && (row.status === 'open' || row.status === 'paid'),
      run: (me: Principal, row: Row) => this.invoices.credit(me, row),
    },
  };

  constructor(private readonly invoices: StaffInvoices) {
    super();
  }
}

/** Issued by us, and no credit note. */
function isOurs({ provider, total }: Row): boolean {
  return provider === 'manual' && BigInt(String(total)) > 0n;
}

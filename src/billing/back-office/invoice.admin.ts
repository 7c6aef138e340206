import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import { INVOICE_STATUSES } from '../provider/customer-state.js';
import { PROVIDER_NAMES } from '../provider/payment-provider.js';
import { Invoice } from './invoice.entity.js';
import { oneOf } from './subscription.admin.js';

@Injectable()
export class InvoiceAdmin extends AdminEntity<Invoice> {
  readonly entity = Invoice;
  readonly path = 'invoices';
  readonly group = 'customers';
  readonly icon = 'rows';
  override readonly position = 8;
  readonly title = 'number';
  readonly list = ['tenantId', 'status', 'total', 'currency', 'issuedAt'] as const;
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
  override readonly words = { status: INVOICE_STATUSES, provider: PROVIDER_NAMES };
}

import { Injectable } from '@nestjs/common';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { TenantPlansRepository } from '../access/tenant-plans.repository.js';
import { InvoiceDocuments } from '../invoices/invoice-documents.service.js';
import {
  IssuedInvoicesRepository,
  type IssuedInvoice,
} from '../invoices/issued-invoices.repository.js';
import { ManualBooks } from '../manual/manual-books.js';
import { ManualSales } from '../manual/manual-sales.service.js';
import { inOrganisation } from '../sync/in-organisation.js';
import { InvoicesRepository } from '../sync/invoices.repository.js';
import { BillingAdministration } from '../back-office/billing-administration.service.js';

/** What staff see and superusers do with invoices. Those that we issue are of the provider `manual`. */
@Injectable()
export class StaffInvoices {
  constructor(
    private readonly sales: ManualSales,
    private readonly books: ManualBooks,
    private readonly issued: IssuedInvoicesRepository,
    private readonly invoices: InvoicesRepository,
    private readonly documents: InvoiceDocuments,
    private readonly administration: BillingAdministration,
    private readonly plans: TenantPlansRepository,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The day it is for the seller, ISO 8601. */
  get today(): string {
    return this.books.today;
  }

  /** One that we issued, as it was; null for one of another provider. */
  issuedOf(row: Row): Promise<IssuedInvoice | null> {
    if (row.provider !== 'manual') return Promise.resolve(null);
    return inOrganisation(String(row.tenant_id), () => this.issued.find(String(row.external_id)));
  }

  /** One that a provider issued, as it told us. @throws DomainError `not_found` */
  providedOf(row: Row) {
    return inOrganisation(String(row.tenant_id), async () => {
      const [invoice, lines] = await Promise.all([
        this.invoices.find(row.id),
        this.invoices.lines(row.id),
      ]);
      if (!invoice) throw new DomainError('not_found', 'errors.not_found');
      const found = { ...invoice, lines };
      return { invoice: found, ...(await this.documents.of(found)) };
    });
  }

  /**
   * A transfer has arrived, on that day (ISO 8601) or today.
   * @returns false where it was marked before: the first one counts
   * @throws DomainError `invalid` (a day before the invoice, or to come), `conflict` where it is not open
   */
  async markPaid(
    me: Principal,
    row: Row,
    { paidOn: given, reference }: { paidOn: string | null; reference: string | null },
  ): Promise<boolean> {
    requireSuperuser(me);
    const invoice = await this.requireIssued(row);
    const paidOn = given ?? this.today;
    if (paidOn > this.today || paidOn < invoice.document.issuedOn) {
      throw new DomainError('invalid', 'billing.staff.errors.paid_on', { field: 'paid_on' });
    }
    const changes = {
      paidOn: { from: null, to: paidOn },
      paymentReference: { from: null, to: reference },
    };
    const payment = { paidOn, reference };
    const isNew = await this.recorded('invoice.paid', row, changes, (tenantId, record) =>
      this.sales.markPaid(tenantId, invoice.id, payment, record),
    );
    await this.administration.sync(me, row);
    return isNew;
  }

  /** Takes all of it back by a credit note, once. @throws DomainError `conflict` */
  async credit(me: Principal, row: Row): Promise<void> {
    requireSuperuser(me);
    const { id } = await this.requireIssued(row);
    await this.recorded('invoice.credited', row, null, (tenantId, record) =>
      this.sales.credit(tenantId, id, record),
    );
    await this.administration.sync(me, row);
  }

  /**
   * Does something to an invoice in one unit of work with its entry in the trail. The trail of an organisation that was
   * erased has ended: what becomes of its invoices is in the operator's.
   */
  private recorded(
    action: 'invoice.paid' | 'invoice.credited',
    row: Row,
    changes: AuditChanges | null,
    act: (tenantId: string, record: () => Promise<void>) => Promise<boolean>,
  ): Promise<boolean> {
    const owner = String(row.tenant_id);
    const subject = { kind: 'invoice', id: row.id, name: String(row.number) };
    return inOrganisation(owner, () =>
      this.unitOfWork.run(async () => {
        const tenantId = (await this.plans.lockIfThere()) ? owner : null;
        return act(owner, () => this.audit.record({ action, subject, changes, tenantId }));
      }),
    );
  }

  private async requireIssued(row: Row): Promise<IssuedInvoice> {
    this.administration.provider(row.provider);
    const invoice = await this.issuedOf(row);
    if (invoice) return invoice;
    throw new DomainError('conflict', 'billing.staff.errors.not_ours');
  }
}

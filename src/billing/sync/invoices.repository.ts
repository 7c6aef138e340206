import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { InvoiceStatus, ProviderInvoice } from '../provider/customer-state.js';
import type { ProviderName } from '../provider/payment-provider.js';

/** An invoice as its list shows it; amounts are minor units, as strings of digits. */
export interface InvoiceRow {
  id: string;
  number: string | null;
  status: InvoiceStatus;
  issuedAt: Date | null;
  dueAt: Date | null;
  paidAt: Date | null;
  currency: string;
  net: string;
  vat: string;
  total: string;
  paid: string;
  hostedUrl: string | null;
  pdfUrl: string | null;
}

export interface InvoiceLineRow {
  position: number;
  description: string;
  quantity: number;
  net: string;
  vat: string;
  vatRate: number | null;
  vatCategory: string | null;
  periodStart: Date | null;
  periodEnd: Date | null;
}

const COLUMNS = `id, number, status, issued_at AS "issuedAt", due_at AS "dueAt", paid_at AS "paidAt",
  currency, net, vat, total, paid, hosted_url AS "hostedUrl", pdf_url AS "pdfUrl"`;

/** As many as the page shows. */
const LISTED = 100;

/** What was fetched earlier than what is there changes nothing, and then no id comes back. */
const UPSERT = `INSERT INTO invoice AS present (tenant_id, customer_id, provider, external_id,
    subscription_external_id, number, status, issued_at, due_at, paid_at, currency, net, vat, total, paid,
    attempts, next_attempt_at, hosted_url, pdf_url, fetched_at)
  VALUES (app_tenant_id(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
  ON CONFLICT (provider, external_id) DO UPDATE SET customer_id = excluded.customer_id,
    subscription_external_id = excluded.subscription_external_id, number = excluded.number,
    status = excluded.status, issued_at = excluded.issued_at, due_at = excluded.due_at,
    paid_at = excluded.paid_at, currency = excluded.currency, net = excluded.net, vat = excluded.vat,
    total = excluded.total, paid = excluded.paid, attempts = excluded.attempts,
    next_attempt_at = excluded.next_attempt_at, hosted_url = excluded.hosted_url,
    pdf_url = excluded.pdf_url, fetched_at = excluded.fetched_at
  WHERE present.fetched_at <= excluded.fetched_at RETURNING id`;

/** What it is for stays: amounts and lines. */
const SETTLE_KEPT = `UPDATE invoice SET number = $3, status = $4, issued_at = $5, due_at = $6, paid_at = $7,
    paid = $8, attempts = $9, next_attempt_at = $10, hosted_url = $11, pdf_url = $12, fetched_at = $13
  WHERE provider = $1 AND external_id = $2 AND tenant_id = app_tenant_id() AND fetched_at <= $13`;

@Injectable()
export class InvoicesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Of the organisation in context, newest first; drafts are nobody's business yet. */
  listed(): Promise<InvoiceRow[]> {
    return this.unitOfWork.read<InvoiceRow>({
      name: 'invoices',
      text: `SELECT ${COLUMNS} FROM invoice
        WHERE tenant_id = app_tenant_id() AND status <> 'draft'
        ORDER BY issued_at DESC, id LIMIT ${LISTED}`,
    });
  }

  /** All of them, in the order of their ids, those after an id. */
  all(after: string | null, limit: number): Promise<InvoiceRow[]> {
    return this.unitOfWork.read<InvoiceRow>({
      name: 'all-invoices',
      text: `SELECT ${COLUMNS} FROM invoice
        WHERE tenant_id = app_tenant_id() AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
      values: [after, limit],
    });
  }

  async find(id: string): Promise<InvoiceRow | null> {
    const [row] = await this.unitOfWork.read<InvoiceRow>({
      name: 'invoice',
      text: `SELECT ${COLUMNS} FROM invoice WHERE id = $1 AND tenant_id = app_tenant_id()`,
      values: [id],
    });
    return row ?? null;
  }

  lines(invoiceId: string): Promise<InvoiceLineRow[]> {
    return this.unitOfWork.read<InvoiceLineRow>({
      name: 'invoice-lines',
      text: `SELECT position, description, quantity, net, vat, vat_rate AS "vatRate",
          vat_category AS "vatCategory", period_start AS "periodStart", period_end AS "periodEnd"
        FROM invoice_line WHERE invoice_id = $1 AND tenant_id = app_tenant_id() ORDER BY position`,
      values: [invoiceId],
    });
  }

  /** As the role billing, after the organisation was locked. */
  async upsert(
    provider: ProviderName,
    customerId: string,
    invoice: ProviderInvoice,
    fetchedAt: Date,
  ): Promise<void> {
    const [written] = await this.unitOfWork.query<{ id: string }>(UPSERT, [
      ...[customerId, provider, invoice.id, invoice.subscriptionId, invoice.number, invoice.status],
      ...[invoice.issuedAt, invoice.dueAt, invoice.paidAt, invoice.currency],
      ...[invoice.net, invoice.vat, invoice.total, invoice.paid].map(String),
      ...[invoice.attempts, invoice.nextAttemptAt, invoice.hostedUrl, invoice.pdfUrl, fetchedAt],
    ]);
    if (written) await this.replaceLines(written.id, invoice);
  }

  /**
   * As the role billing: what became of an invoice that is kept of an erased organisation. One that is not there is
   * not added.
   */
  async settleKept(
    provider: ProviderName,
    invoice: ProviderInvoice,
    fetchedAt: Date,
  ): Promise<void> {
    await this.unitOfWork.execute(SETTLE_KEPT, [
      ...[provider, invoice.id, invoice.number, invoice.status, invoice.issuedAt, invoice.dueAt],
      ...[invoice.paidAt, invoice.paid.toString(), invoice.attempts, invoice.nextAttemptAt],
      ...[invoice.hostedUrl, invoice.pdfUrl, fetchedAt],
    ]);
  }

  private async replaceLines(invoiceId: string, { lines }: ProviderInvoice): Promise<void> {
    await this.unitOfWork.execute(
      'DELETE FROM invoice_line WHERE invoice_id = $1 AND tenant_id = app_tenant_id()',
      [invoiceId],
    );
    for (const [index, line] of lines.entries()) {
      await this.unitOfWork.execute(
        `INSERT INTO invoice_line (tenant_id, invoice_id, position, description, quantity, net, vat,
           vat_rate, vat_category, period_start, period_end)
         VALUES (app_tenant_id(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          invoiceId,
          index + 1,
          line.description.slice(0, 500),
          line.quantity,
          line.net.toString(),
          line.vat.toString(),
          line.vatRate,
          line.vatCategory,
          line.periodStart,
          line.periodEnd,
        ],
      );
    }
  }
}

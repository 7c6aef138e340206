import { Injectable } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { InvoiceContent, InvoiceDocument } from './invoice-document.js';
import { fromInvoiceJson, toInvoiceJson, type InvoiceJson } from './invoice-json.js';
import { structuredCommunication } from './structured-communication.js';

/** An invoice or credit note that was issued, and what became of it. */
export interface IssuedInvoice {
  id: string;
  subscriptionId: string | null;
  issuedAt: Date;
  document: InvoiceDocument;
  /** ISO 8601; null while it is open. */
  paidOn: string | null;
  /** A credit note takes it back. */
  isCredited: boolean;
}

export interface NewInvoice {
  content: InvoiceContent;
  /** Days, ISO 8601. The database may move them on: numbers and days go in the same direction. */
  issuedOn: string;
  dueOn: string;
  correctsId: string | null;
  subscriptionId: string | null;
}

interface Row {
  id: string;
  subscriptionId: string | null;
  number: string;
  year: number;
  position: number;
  issuedOn: string;
  dueOn: string;
  issuedAt: Date;
  content: unknown;
  paidOn: string | null;
  isCredited: boolean;
}

/** Invoices of the organisation in context. They are added and never changed: the database refuses it. */
@Injectable()
export class IssuedInvoicesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Issues it, with the next number: as the role billing. Last in a unit of work: others wait for theirs. */
  async add(invoice: NewInvoice): Promise<string> {
    const { content, issuedOn, dueOn, correctsId, subscriptionId } = invoice;
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO issued_invoice (tenant_id, seller, kind, issued_on, due_on, corrects_id,
         subscription_id, currency, net, vat, total, content)
       VALUES (app_tenant_id(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
      [
        content.seller.vatNumber ?? content.seller.registration,
        ...[content.kind, issuedOn, dueOn, correctsId, subscriptionId, content.currency],
        ...[content.net, content.vatTotal, content.total].map(String),
        JSON.stringify(toInvoiceJson(content)),
      ],
    );
    if (!row) throw new Error('The invoice was not issued');
    return row.id;
  }

  async find(id: string): Promise<IssuedInvoice | null> {
    const [row] = await this.unitOfWork.read<Row>({
      name: 'issued-invoice',
      text: `SELECT i.id, i.subscription_id AS "subscriptionId", i.number, i.year, i.position,
          i.issued_on::text AS "issuedOn", i.due_on::text AS "dueOn", i.issued_at AS "issuedAt",
          i.content, s.paid_on::text AS "paidOn",
          EXISTS (SELECT FROM issued_invoice c WHERE c.corrects_id = i.id) AS "isCredited"
        FROM issued_invoice i LEFT JOIN invoice_settlement s ON s.invoice_id = i.id
        WHERE i.id = $1 AND i.tenant_id = app_tenant_id()`,
      values: [id],
    });
    return row ? readRow(row) : null;
  }

  /** Newest first; a hundred is more than eight years of months. In a unit of work. */
  async all(limit = 100): Promise<IssuedInvoice[]> {
    const rows = await this.unitOfWork.query<Row>(
      `SELECT i.id, i.subscription_id AS "subscriptionId", i.number, i.year, i.position,
          i.issued_on::text AS "issuedOn", i.due_on::text AS "dueOn", i.issued_at AS "issuedAt",
          i.content, s.paid_on::text AS "paidOn",
          EXISTS (SELECT FROM issued_invoice c WHERE c.corrects_id = i.id) AS "isCredited"
        FROM issued_invoice i LEFT JOIN invoice_settlement s ON s.invoice_id = i.id
        WHERE i.tenant_id = app_tenant_id() ORDER BY i.issued_at DESC, i.id LIMIT $1`,
      [limit],
    );
    return rows.map(readRow);
  }

  /** Open invoices, whosever they are, whose due date went by in the last month. @param today ISO 8601 */
  overdue(today: string): Promise<{ id: string; tenantId: string }[]> {
    return this.unitOfWork.read<{ id: string; tenantId: string }>(
      {
        name: 'overdue-invoices',
        text: `SELECT i.id, i.tenant_id AS "tenantId" FROM issued_invoice i
          WHERE i.kind = 'invoice' AND i.subscription_id IS NOT NULL
            AND i.due_on < $1::date AND i.due_on >= $1::date - 31
            AND NOT EXISTS (SELECT FROM invoice_settlement s WHERE s.invoice_id = i.id)
            AND NOT EXISTS (SELECT FROM issued_invoice c WHERE c.corrects_id = i.id)
          ORDER BY i.due_on, i.id`,
        values: [today],
      },
      billingRole,
    );
  }

  /** False where it was paid already: as the role billing. */
  async settle(id: string, paidOn: string, reference: string | null): Promise<boolean> {
    const settled = await this.unitOfWork.execute(
      `INSERT INTO invoice_settlement (tenant_id, invoice_id, paid_on, reference)
       VALUES (app_tenant_id(), $1, $2, $3) ON CONFLICT DO NOTHING`,
      [id, paidOn, reference],
    );
    return settled > 0;
  }
}

function readRow({
  content,
  number,
  year,
  position,
  issuedOn,
  dueOn,
  ...rest
}: Row): IssuedInvoice {
  const communication = communicationOf(year, position);
  const document = {
    ...fromInvoiceJson(content as InvoiceJson),
    ...{ number, issuedOn, dueOn, communication },
  };
  return { ...rest, document };
}

/** The year and the number in it: one transfer names one invoice. */
function communicationOf(year: number, position: number): string {
  return structuredCommunication(BigInt(year % 100) * 100_000_000n + BigInt(position));
}

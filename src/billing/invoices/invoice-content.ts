import { vatBreakdown } from '../tax/vat-amount.js';
import type { VatTreatment } from '../tax/vat-rules.js';
import type { InvoiceContent, InvoiceDocument, InvoiceLine } from './invoice-document.js';

export type PlainLine = Omit<InvoiceLine, 'net' | 'category' | 'rate'>;
type Given = 'currency' | 'seller' | 'buyer' | 'purchaseOrder' | 'customerReference' | 'account';

export interface InvoiceOrder extends Pick<InvoiceContent, Given> {
  lines: readonly PlainLine[];
  treatment: VatTreatment;
}

/** What an invoice says, computed from what is sold and how VAT treats it. */
export function invoiceContent({ lines, treatment, ...given }: InvoiceOrder): InvoiceContent {
  const { category, rate } = treatment;
  const priced = lines.map((line) => ({
    ...line,
    net: BigInt(line.quantity) * line.unitPrice,
    category,
    rate,
  }));
  return { ...given, kind: 'invoice', corrects: null, lines: priced, ...totals(priced) };
}

/** The credit note that takes all of an invoice back, to the cent. */
export function creditNoteContent(invoice: InvoiceDocument): InvoiceContent {
  const { number, issuedOn, dueOn: _, communication: __, ...content } = invoice;
  return { ...content, kind: 'credit_note', corrects: { number, issuedOn } };
}

function totals(lines: readonly InvoiceLine[]) {
  const vat = vatBreakdown(lines);
  const net = lines.reduce((sum, line) => sum + line.net, 0n);
  const vatTotal = vat.reduce((sum, part) => sum + part.vat, 0n);
  return { vat, net, vatTotal, total: net + vatTotal };
}

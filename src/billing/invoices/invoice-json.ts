import type { VatSubtotal } from '../tax/vat-amount.js';
import type { InvoiceContent, InvoiceLine } from './invoice-document.js';

type Amounts<T, K extends keyof T> = Omit<T, K> & { [key in K]: string };

/** An invoice's content as JSON keeps it: amounts as text, since a number of JSON is a float. */
export interface InvoiceJson extends Omit<
  InvoiceContent,
  'net' | 'vatTotal' | 'total' | 'lines' | 'vat'
> {
  net: string;
  vatTotal: string;
  total: string;
  lines: Amounts<InvoiceLine, 'unitPrice' | 'net'>[];
  vat: Amounts<VatSubtotal, 'taxable' | 'vat'>[];
}

export function toInvoiceJson(content: InvoiceContent): InvoiceJson {
  return {
    ...content,
    net: String(content.net),
    vatTotal: String(content.vatTotal),
    total: String(content.total),
    lines: content.lines.map((line) => ({
      ...line,
      unitPrice: String(line.unitPrice),
      net: String(line.net),
    })),
    vat: content.vat.map((part) => ({
      ...part,
      taxable: String(part.taxable),
      vat: String(part.vat),
    })),
  };
}

export function fromInvoiceJson(json: InvoiceJson): InvoiceContent {
  return {
    ...json,
    net: BigInt(json.net),
    vatTotal: BigInt(json.vatTotal),
    total: BigInt(json.total),
    lines: json.lines.map((line) => ({
      ...line,
      unitPrice: BigInt(line.unitPrice),
      net: BigInt(line.net),
    })),
    vat: json.vat.map((part) => ({
      ...part,
      taxable: BigInt(part.taxable),
      vat: BigInt(part.vat),
    })),
  };
}

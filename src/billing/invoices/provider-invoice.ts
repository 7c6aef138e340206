import type { BillingDetails } from '../sync/billing-details.repository.js';
import type { InvoiceLineRow, InvoiceRow } from '../sync/invoices.repository.js';
import type { VatSubtotal } from '../tax/vat-amount.js';
import type { VatCategory } from '../tax/vat-rules.js';
import type { InvoiceDocument, InvoiceLine, InvoiceParty } from './invoice-document.js';
import { dayOf, type Seller } from './seller.js';

const DAY = 24 * 3600 * 1000;

export type SyncedInvoice = InvoiceRow & { lines: readonly SyncedLine[] };
type SyncedLine = Pick<
  InvoiceLineRow,
  | 'description'
  | 'quantity'
  | 'net'
  | 'vat'
  | 'vatRate'
  | 'vatCategory'
  | 'periodStart'
  | 'periodEnd'
>;

/**
 * An invoice that a provider issued, as the document an access point sends. Amounts are those of the provider,
 * to the cent. Null where what EN 16931 requires is not known: its number, how VAT treats a line, or who buys.
 */
export function documentOf(
  invoice: SyncedInvoice,
  details: BillingDetails,
  seller: Pick<Seller, 'party' | 'timeZone'>,
): InvoiceDocument | null {
  const buyer = buyerOf(details);
  const { number, issuedAt, currency } = invoice;
  if (!buyer || !number || !issuedAt || invoice.lines.length === 0) return null;
  const lines = invoice.lines.map((line) => lineOf(line, seller));
  if (!areAllKnown(lines)) return null;
  const issuedOn = dayOf(seller, issuedAt);
  return {
    ...{ number, issuedOn, currency, lines, buyer },
    kind: 'invoice',
    dueOn: invoice.dueAt ? dayOf(seller, invoice.dueAt) : issuedOn,
    communication: number,
    seller: seller.party,
    vat: subtotals(invoice.lines),
    net: BigInt(invoice.net),
    vatTotal: BigInt(invoice.vat),
    total: BigInt(invoice.total),
    purchaseOrder: details.purchaseOrder,
    customerReference: buyer.name,
    // Paid to the provider by card, not by transfer.
    account: null,
    corrects: null,
  };
}

function buyerOf(details: BillingDetails): InvoiceParty | null {
  const { legalName, email, address, postalCode, city, country, vatNumber } = details;
  if (!legalName || !email || !country) return null;
  return {
    ...{ name: legalName, email, country, vatNumber },
    street: address ?? '',
    postalCode: postalCode ?? '',
    city: city ?? '',
    registration: country === 'BE' ? (vatNumber?.replace(/^BE/, '') ?? null) : null,
  };
}

/** What is given back has a negative quantity: a price is never negative (BR-27). */
function lineOf(line: SyncedLine, seller: Pick<Seller, 'timeZone'>): InvoiceLine | null {
  const { description, periodStart, periodEnd } = line;
  const net = BigInt(line.net);
  const treatment = treatmentOf(line);
  if (!treatment) return null;
  const above = net < 0n ? -net : net;
  const count = BigInt(Math.max(1, line.quantity));
  const [quantity, unitPrice] = above % count === 0n ? [count, above / count] : [1n, above];
  const period =
    periodStart && periodEnd
      ? {
          from: dayOf(seller, periodStart),
          // The end is the moment the next period begins; the day before is the last one.
          to: dayOf(seller, new Date(Math.max(+periodStart, +periodEnd - DAY))),
        }
      : null;
  return {
    ...{ description, unitPrice, net, period, ...treatment },
    quantity: Number(net < 0n ? -quantity : quantity),
  };
}

function treatmentOf({ vatCategory, vatRate }: SyncedLine) {
  if (vatRate === null || !isCategory(vatCategory)) return null;
  return { category: vatCategory, rate: vatRate };
}

function isCategory(text: string | null): text is VatCategory {
  return text === 'S' || text === 'AE' || text === 'O';
}

function areAllKnown(lines: readonly (InvoiceLine | null)[]): lines is InvoiceLine[] {
  return lines.every((line) => line !== null);
}

/** By category and rate, what the provider charged. */
export function subtotals(lines: readonly SyncedLine[]): VatSubtotal[] {
  const sums = new Map<string, VatSubtotal>();
  for (const line of lines) {
    const treatment = treatmentOf(line);
    if (!treatment) continue;
    const { category, rate } = treatment;
    const key = `${category} ${rate}`;
    const sum = sums.get(key) ?? { category, rate, taxable: 0n, vat: 0n };
    const taxable = sum.taxable + BigInt(line.net);
    sums.set(key, { ...sum, taxable, vat: sum.vat + BigInt(line.vat) });
  }
  return [...sums.values()];
}

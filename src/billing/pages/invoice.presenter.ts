import { formatDate } from '../../core/views/intl.js';
import { priceOf } from '../catalogue/catalogue.js';
import { subtotals, type SyncedInvoice } from '../invoices/provider-invoice.js';
import { decimal } from '../money/decimal.js';
import { moneyText } from '../money/format-money.js';
import type { InvoiceLineRow, InvoiceRow } from '../sync/invoices.repository.js';
import type { Reader } from './standing.presenter.js';

/** An invoice in the list of an organisation. */
export function presentInvoiceRow(invoice: InvoiceRow, { locale, timeZone }: Reader) {
  const { id, number, status, issuedAt, currency, hostedUrl, pdfUrl } = invoice;
  const money = (amount: string) => moneyText({ amount: BigInt(amount), currency }, locale);
  return {
    ...{ id, status, hostedUrl, pdfUrl },
    number: number ?? '',
    issuedOn: issuedAt && formatDate(issuedAt, locale, timeZone, 'date'),
    net: money(invoice.net),
    vat: money(invoice.vat),
    total: money(invoice.total),
    tone: TONES[status],
  };
}

/** An invoice as its page shows and prints it. */
export function presentInvoice(invoice: SyncedInvoice, reader: Reader) {
  const { locale, timeZone } = reader;
  const { currency, dueAt, paidAt, lines } = invoice;
  const money = (amount: bigint) => moneyText({ amount, currency }, locale);
  const day = (at: Date | null) => at && formatDate(at, locale, timeZone, 'long');
  return {
    ...presentInvoiceRow(invoice, reader),
    issuedOn: day(invoice.issuedAt),
    dueOn: day(dueAt),
    paidOn: day(paidAt),
    lines: lines.map((line) => ({
      ...describe(line),
      quantity: line.quantity,
      net: money(BigInt(line.net)),
      from: day(line.periodStart),
      to: day(line.periodEnd),
    })),
    parts: subtotals(lines).map(({ category, rate, taxable, vat }) => ({
      category,
      rate: percent(rate, locale),
      taxable: money(taxable),
      vat: money(vat),
    })),
  };
}

/** A line that is one of our prices is told in words; any other as the provider tells it. */
export function describe({ description }: Pick<InvoiceLineRow, 'description'>) {
  const price = priceOf(description);
  if (price) return { plan: price.plan, interval: price.interval, text: null };
  return { plan: null, interval: null, text: description === 'proration' ? null : description };
}

/** @param rate hundredths of a percent */
function percent(rate: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  return format.format(decimal(BigInt(rate), 4) as `${number}`);
}

const TONES: Readonly<Record<InvoiceRow['status'], 'success' | 'warning' | 'error' | null>> = {
  draft: null,
  open: 'warning',
  paid: 'success',
  uncollectible: 'error',
  void: null,
};

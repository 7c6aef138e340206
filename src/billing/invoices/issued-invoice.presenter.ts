import type { Locale } from '../../core/i18n/locales.js';
import type { Translator } from '../../core/i18n/translator.js';
import { decimal } from '../money/decimal.js';
import { moneyText } from '../money/format-money.js';
import { ibanText, type InvoiceDocument, type InvoiceParty } from './invoice-document.js';
import type { IssuedInvoice } from './issued-invoices.repository.js';

/** An invoice or credit note as its page shows it. */
export interface IssuedInvoicePage {
  id: string;
  /** `Invoice 2026-00042`. */
  title: string;
  number: string;
  isCreditNote: boolean;
  issuedOn: string;
  dueOn: string;
  paidOn: string | null;
  isCredited: boolean;
  corrects: string | null;
  seller: InvoiceParty;
  buyer: InvoiceParty;
  purchaseOrder: string | null;
  lines: {
    description: string;
    period: { from: string; to: string } | null;
    quantity: number;
    unitPrice: string;
    net: string;
  }[];
  vat: { category: string; rate: string; taxable: string; vat: string }[];
  net: string;
  vatTotal: string;
  total: string;
  /** How to pay it; null where there is nothing to pay. */
  payment: { iban: string; bic: string | null; holder: string; communication: string } | null;
}

export function presentIssuedInvoice(
  invoice: IssuedInvoice,
  translator: Translator,
  locale: Locale,
): IssuedInvoicePage {
  const { id, document, paidOn, isCredited } = invoice;
  const { currency, seller, buyer, purchaseOrder, number, issuedOn, dueOn } = document;
  const money = (amount: bigint) => moneyText({ amount, currency }, locale);
  const isCreditNote = document.kind === 'credit_note';
  return {
    title: translator.t(`billing.invoices.page.title_${document.kind}`, { number }, locale),
    ...{ id, number, isCreditNote, issuedOn, dueOn, paidOn, isCredited },
    ...{ seller, buyer, purchaseOrder },
    corrects: document.corrects?.number ?? null,
    lines: document.lines.map(({ description, period, quantity, unitPrice, net }) => ({
      ...{ description, period, quantity },
      unitPrice: money(unitPrice),
      net: money(net),
    })),
    vat: document.vat.map(({ category, rate, taxable, vat }) => ({
      category,
      rate: percent(rate, locale),
      taxable: money(taxable),
      vat: money(vat),
    })),
    net: money(document.net),
    vatTotal: money(document.vatTotal),
    total: money(document.total),
    payment: isCreditNote || isCredited || paidOn !== null ? null : paymentOf(document),
  };
}

function paymentOf({ account, communication }: InvoiceDocument): IssuedInvoicePage['payment'] {
  if (!account) return null;
  const { bic, holder } = account;
  return { iban: ibanText(account), bic, holder, communication };
}

/** @param rate hundredths of a percent */
function percent(rate: number, locale: Locale): string {
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  return format.format(decimal(BigInt(rate), 4) as `${number}`);
}

import type { VatSubtotal } from '../tax/vat-amount.js';
import type { VatCategory, VatRate } from '../tax/vat-rules.js';

/** Who sells or buys, as printed on an invoice. A snapshot: what changes later leaves the paper as it is. */
export interface InvoiceParty {
  /** Legal name. */
  name: string;
  street: string;
  postalCode: string;
  city: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** With its prefix; null where there is none. */
  vatNumber: string | null;
  /** Of the register of companies; in Belgium ten digits. Null where there is none. */
  registration: string | null;
  email: string;
}

export interface BankAccount {
  iban: string;
  bic: string | null;
  holder: string;
}

/** In groups of four, as ISO 13616 prints it. */
export function ibanText({ iban }: BankAccount): string {
  return iban.replace(/(.{4})(?=.)/g, '$1 ');
}

export interface InvoiceLine {
  description: string;
  /** A whole number, at least 1. */
  quantity: number;
  /** Minor units of the invoice's currency, without VAT; never negative: a credit is a credit note. */
  unitPrice: bigint;
  /** `quantity * unitPrice`. */
  net: bigint;
  category: VatCategory;
  rate: VatRate;
  /** Days, ISO 8601; the last one included. */
  period: { from: string; to: string } | null;
}

export const INVOICE_KINDS = ['invoice', 'credit_note'] as const;
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

/** All that an invoice or a credit note says before it has a number. */
export interface InvoiceContent {
  kind: InvoiceKind;
  /** ISO 4217. */
  currency: string;
  seller: InvoiceParty;
  buyer: InvoiceParty;
  lines: readonly InvoiceLine[];
  vat: readonly VatSubtotal[];
  /** Minor units; `net + vatTotal = total`. */
  net: bigint;
  vatTotal: bigint;
  total: bigint;
  /** The customer's purchase order; null where there is none. */
  purchaseOrder: string | null;
  /** What the seller knows the customer by: networks want a reference where there is no order. */
  customerReference: string;
  account: BankAccount | null;
  /** What a credit note corrects; null for an invoice. */
  corrects: { number: string; issuedOn: string } | null;
}

/** One that was issued: it never changes again. */
export interface InvoiceDocument extends InvoiceContent {
  /** Consecutive for each seller, kind and year: `2026-00042`, `C2026-00003`. */
  number: string;
  /** Days, ISO 8601. */
  issuedOn: string;
  dueOn: string;
  /** What is written on the transfer. */
  communication: string;
}

import type Stripe from 'stripe';
import {
  INVOICE_STATUSES,
  type InvoiceStatus,
  type ProviderInvoice,
  type ProviderInvoiceLine,
} from '../provider/customer-state.js';
import { dateOf, idOf } from './stripe-values.js';

export function readInvoice(invoice: Stripe.Invoice): ProviderInvoice {
  const { status_transitions: transitions } = invoice;
  const vat = taxOf(invoice.total_taxes);
  return {
    id: invoice.id,
    number: invoice.number,
    subscriptionId: idOf(invoice.parent?.subscription_details?.subscription),
    status: readStatus(invoice.status),
    issuedAt: dateOf(invoice.effective_at ?? transitions.finalized_at),
    dueAt: dateOf(invoice.due_date),
    paidAt: dateOf(transitions.paid_at),
    currency: invoice.currency.toUpperCase(),
    net: BigInt(invoice.total) - vat,
    vat,
    total: BigInt(invoice.total),
    paid: BigInt(invoice.amount_paid),
    attempts: invoice.attempt_count,
    nextAttemptAt: dateOf(invoice.next_payment_attempt),
    hostedUrl: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
    lines: invoice.lines.data.map(readLine),
  };
}

function readLine(line: Stripe.InvoiceLineItem): ProviderInvoiceLine {
  const taxes = line.taxes ?? [];
  const discount = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const included = taxOf(taxes.filter(({ tax_behavior }) => tax_behavior === 'inclusive'));
  return {
    description: line.description ?? '',
    quantity: line.quantity ?? 1,
    net: BigInt(line.amount - discount) - included,
    vat: taxOf(taxes),
    // The line names the rate by its id only.
    vatRate: null,
    vatCategory: categoryOf(taxes),
    periodStart: dateOf(line.period.start),
    periodEnd: dateOf(line.period.end),
  };
}

/** The list of Stripe is open: a word that is not in ours is one that is not settled. */
function readStatus(word: Stripe.Invoice.Status | null): InvoiceStatus {
  return INVOICE_STATUSES.find((status) => status === word) ?? (word === null ? 'draft' : 'open');
}

function categoryOf(taxes: readonly Stripe.InvoiceLineItem.Tax[]): 'S' | 'AE' | 'O' | null {
  const reasons = new Set(taxes.map(({ taxability_reason }) => taxability_reason));
  if (reasons.size !== 1) return null;
  if (reasons.has('reverse_charge')) return 'AE';
  if (reasons.has('standard_rated')) return 'S';
  return reasons.has('not_subject_to_tax') ? 'O' : null;
}

function taxOf(taxes: readonly { amount: number }[] | null): bigint {
  return (taxes ?? []).reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

import { priceOf } from '../catalogue/catalogue.js';
import type { SandboxAccount, SandboxCheckout, SandboxInvoice } from './sandbox-account.js';
import { totalsOf } from './sandbox-amounts.js';

/** A customer of the sandbox, for its pages. Amounts are minor units, small enough for a number. */
export function presentAccount(account: SandboxAccount) {
  const { id, name, card, subscriptions, invoices } = account;
  return {
    id,
    name,
    card,
    subscriptions: subscriptions.map(({ priceKey, status, quantity, periodEnd }) => {
      return { ...planOf(priceKey), status, quantity, periodEnd };
    }),
    invoices: invoices.map((invoice) => presentInvoice(account, invoice).invoice),
  };
}

export function presentCheckout({ id, priceKey, seats, trialDays, state }: SandboxCheckout) {
  const price = priceOf(priceKey);
  const amount = Number((price?.unitPrice.amount ?? 0n) * BigInt(seats));
  const currency = price?.unitPrice.currency ?? 'EUR';
  const isOpen = state === 'open';
  return { id, ...planOf(priceKey), seats, trialDays, state, isOpen, amount, currency };
}

export function presentInvoice({ name }: SandboxAccount, invoice: SandboxInvoice) {
  const { id, number, status, issuedAt, currency, lines } = invoice;
  const totals = totalsOf(lines);
  const [net, vat] = [Number(totals.net), Number(totals.vat)];
  return {
    name,
    invoice: { id, number, status, issuedAt, currency, net, vat, total: net + vat },
    lines: lines.map((line) => ({
      ...planOf(line.description),
      quantity: line.quantity,
      net: Number(line.net),
    })),
  };
}

/** The parts of a price key; `plan` is null for what is no price, such as a proration. */
function planOf(key: string) {
  const price = priceOf(key);
  return { plan: price?.plan ?? null, interval: price?.interval ?? null };
}

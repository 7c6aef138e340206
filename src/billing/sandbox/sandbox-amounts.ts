import { divideHalfAway, vatOn } from '../tax/vat-amount.js';
import { readVatNumber } from '../tax/vat-number/vat-number.js';
import { vatFor, type VatTreatment } from '../tax/vat-rules.js';
import type { SandboxAccount, SandboxLine, SandboxSubscription } from './sandbox-account.js';

/** Where the sandbox sells from: the rules of VAT are those of an invoice that is sent by hand. */
const SELLER_COUNTRY = 'BE';

type Customer = Pick<SandboxAccount, 'country' | 'vatNumber'>;

/**
 * The lines of one invoice with their VAT: one treatment for all of them, as of that day, since what is outside
 * the scope of VAT has an invoice of its own (EN 16931 BR-O-11). VAT is rounded once for their sum (BR-CO-17);
 * each line has what it adds to that.
 */
export function charged(
  customer: Customer,
  lines: readonly SandboxLine[],
  at: Date,
): SandboxLine[] {
  const { category, rate } = treatmentOf(customer, at);
  let [net, vat] = [0n, 0n];
  return lines.map((line) => {
    net += BigInt(line.net);
    const added = vatOn(net, rate) - vat;
    vat += added;
    return { ...line, vat: added.toString(), vatRate: rate, vatCategory: category };
  });
}

/** VAT on an amount, as of that day. */
export function vatOf(customer: Customer, net: bigint, at: Date): bigint {
  return vatOn(net, treatmentOf(customer, at).rate);
}

/** Sums of the lines of an invoice. */
export function totalsOf(lines: readonly SandboxLine[]): { net: bigint; vat: bigint } {
  const sum = (amounts: string[]) => amounts.reduce((total, one) => total + BigInt(one), 0n);
  return { net: sum(lines.map(({ net }) => net)), vat: sum(lines.map(({ vat }) => vat)) };
}

/** A line before the invoice it is on: VAT is decided then. */
export function untaxed(line: Omit<SandboxLine, 'vat' | 'vatRate' | 'vatCategory'>): SandboxLine {
  return { ...line, vat: '0', vatRate: 0, vatCategory: 'S' };
}

/** What a change of price or quantity costs for the rest of the period: what is new less what was paid for. */
export function prorated(
  { unitAmount, quantity, periodStart, periodEnd, status }: SandboxSubscription,
  changed: { unitAmount: bigint; quantity: number },
  now: Date,
): bigint {
  if (status === 'trialing') return 0n;
  const whole = BigInt(+new Date(periodEnd) - +new Date(periodStart));
  const left = BigInt(Math.max(0, +new Date(periodEnd) - +now));
  const difference =
    changed.unitAmount * BigInt(changed.quantity) - BigInt(unitAmount) * BigInt(quantity);
  return whole === 0n ? 0n : divideHalfAway(difference * left, whole);
}

function treatmentOf({ country, vatNumber }: Customer, at: Date): VatTreatment {
  const number = country && vatNumber ? readVatNumber(vatNumber, country) : null;
  return vatFor({ country, vatNumber: number }, SELLER_COUNTRY, at.toISOString().slice(0, 10));
}

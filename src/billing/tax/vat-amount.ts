import type { VatCategory, VatRate } from './vat-rules.js';

/** One amount for each category and rate of an invoice: what EN 16931 calls the VAT breakdown (BG-23). */
export interface VatSubtotal {
  category: VatCategory;
  rate: VatRate;
  /** Minor units of the invoice's currency. */
  taxable: bigint;
  vat: bigint;
}

export interface TaxedLine {
  net: bigint;
  category: VatCategory;
  rate: VatRate;
}

/** Ten thousand hundredths of a percent are the whole. */
const WHOLE = 10_000n;

/**
 * VAT is computed for each category and rate on the sum of its lines, and rounded there once, half away from
 * zero: EN 16931 BR-CO-17 and BR-S-09. Rounded line by line, an invoice of many small lines would not add up.
 */
export function vatBreakdown(lines: readonly TaxedLine[]): VatSubtotal[] {
  const sums = new Map<string, VatSubtotal>();
  for (const { net, category, rate } of lines) {
    const key = `${category} ${rate}`;
    const sum = sums.get(key) ?? { category, rate, taxable: 0n, vat: 0n };
    sums.set(key, { ...sum, taxable: sum.taxable + net });
  }
  return [...sums.values()].map((sum) => ({ ...sum, vat: vatOn(sum.taxable, sum.rate) }));
}

export function vatOn(taxable: bigint, rate: VatRate): bigint {
  return divideHalfAway(taxable * BigInt(rate), WHOLE);
}

/** Rounds to the nearest whole; a half goes away from zero, so that a credit note mirrors its invoice. */
export function divideHalfAway(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n !== divisor < 0n;
  const [above, below] = [dividend, divisor].map((it) => (it < 0n ? -it : it)) as [bigint, bigint];
  const rounded = (above * 2n + below) / (below * 2n);
  return isNegative ? -rounded : rounded;
}

import type { SandboxAccount, SandboxLine, SandboxSubscription } from './sandbox-account.js';

/**
 * What tax the sandbox puts on an amount, so that its invoices look like those of a provider that computes it:
 * Belgium 21 %, a business elsewhere in the Union with a number reverse charge, the rest of the world none.
 */
export function chargeFor(
  { country, vatNumber }: Pick<SandboxAccount, 'country' | 'vatNumber'>,
  net: bigint,
): Pick<SandboxLine, 'net' | 'vat' | 'vatRate' | 'vatCategory'> {
  const treatment = treatmentOf(country, vatNumber);
  const vat = roundHalfAway(net * BigInt(treatment.rate), 10_000n);
  return {
    net: net.toString(),
    vat: vat.toString(),
    vatRate: treatment.rate,
    vatCategory: treatment.category,
  };
}

export function netOf(lines: readonly SandboxLine[]): bigint {
  return lines.reduce((sum, { net }) => sum + BigInt(net), 0n);
}

export function vatOf(lines: readonly SandboxLine[]): bigint {
  return lines.reduce((sum, { vat }) => sum + BigInt(vat), 0n);
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
  return whole === 0n ? 0n : roundHalfAway(difference * left, whole);
}

/** Member states beside Belgium, by ISO 3166-1 alpha-2. */
const REST_OF_UNION = new Set(
  'AT BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

function treatmentOf(country: string | null, vatNumber: string | null) {
  if (country && REST_OF_UNION.has(country) && vatNumber)
    return { rate: 0, category: 'AE' } as const;
  if (country && country !== 'BE' && !REST_OF_UNION.has(country))
    return { rate: 0, category: 'O' } as const;
  return { rate: 2100, category: 'S' } as const;
}

function roundHalfAway(dividend: bigint, divisor: bigint): bigint {
  const isNegative = dividend < 0n;
  const above = isNegative ? -dividend : dividend;
  const rounded = (above * 2n + divisor) / (divisor * 2n);
  return isNegative ? -rounded : rounded;
}

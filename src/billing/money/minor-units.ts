/** ISO 4217 (SIX, list one), as of 2026-11-27: every currency that is not here has two decimals. */
const DIGITS: Readonly<Record<string, number>> = {
  ...digits(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...digits(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...digits(4, 'CLF UYW'),
};

/** Decimals of a currency's minor unit. Not those of `Intl`, which leaves out what is not in use. */
export function minorUnits(currency: string): number {
  return DIGITS[currency] ?? 2;
}

function digits(count: number, currencies: string): Record<string, number> {
  return Object.fromEntries(currencies.split(' ').map((currency) => [currency, count]));
}

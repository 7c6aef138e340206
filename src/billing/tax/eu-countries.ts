/** A member of the Union's VAT area, and since when, and until when, it is one. */
interface EuCountry {
  /** ISO 3166-1 alpha-2. */
  code: string;
  /** What its VAT numbers begin with: Greece has one of its own. */
  vatPrefix: string;
  /** Days, ISO 8601; `until` is the last one. */
  from: string;
  until?: string;
}

const since = (from: string, codes: string): EuCountry[] =>
  codes.split(' ').map((code) => ({ code, vatPrefix: code === 'GR' ? 'EL' : code, from }));

/**
 * Article 5 of Directive 2006/112/EC and the treaties of accession, as of 2026-11-27. 1993 is the year of the
 * single market. Article 7: Monaco counts as France and the Isle of Man counted as the United Kingdom.
 * Territories with a code of their own (GP, MQ, GF, RE, YT, AX …) are outside (article 6) and therefore absent.
 * Northern Ireland (prefix XI) is inside for goods only (article 8 of the Protocol): a service to it is one to
 * the United Kingdom.
 */
const EU_COUNTRIES: readonly EuCountry[] = [
  ...since('1993-01-01', 'BE DE DK ES FR GR IE IT LU NL PT'),
  ...since('1995-01-01', 'AT FI SE'),
  ...since('2004-05-01', 'CY CZ EE HU LT LV MT PL SI SK'),
  ...since('2007-01-01', 'BG RO'),
  ...since('2013-07-01', 'HR'),
  { code: 'MC', vatPrefix: 'FR', from: '1993-01-01' },
  { code: 'GB', vatPrefix: 'GB', from: '1993-01-01', until: '2020-12-31' },
  { code: 'IM', vatPrefix: 'GB', from: '1993-01-01', until: '2020-12-31' },
];

/** @param day ISO 8601 */
export function isInEu(country: string, day: string): boolean {
  return EU_COUNTRIES.some(
    ({ code, from, until }) => code === country && from <= day && (!until || day <= until),
  );
}

/** What VAT numbers of the country begin with; null where the country is none whose numbers are known. */
export function vatPrefixOf(country: string): string | null {
  if (country === 'CH' || country === 'LI') return 'CHE';
  if (country === 'NO') return 'NO';
  return EU_COUNTRIES.find(({ code }) => code === country)?.vatPrefix ?? null;
}

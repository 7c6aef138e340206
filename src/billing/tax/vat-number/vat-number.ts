import { vatPrefixOf } from '../eu-countries.js';
import { VAT_NUMBER_RULES } from './vat-number-rules.js';

/** A VAT number that is well written and whose check digits are right. Whether it exists, VIES knows. */
export interface VatNumber {
  /** What it begins with: `BE`, `EL` for Greece, `XI` for Northern Ireland, `CHE` for Switzerland. */
  prefix: string;
  /** With the prefix, without spaces and punctuation: `BE0403170701`. At most 20 characters. */
  text: string;
}

/** Longest first: `CHE` before what begins with `CH`. */
const PREFIXES = Object.keys(VAT_NUMBER_RULES).sort((a, b) => b.length - a.length);

/**
 * Reads a VAT number as people write it: `be 0403.170.701`, or without its prefix where the country is known.
 * @param country ISO 3166-1 alpha-2 of the address; a number of another country is not accepted
 * @returns null where it is not one
 */
export function readVatNumber(text: string, country: string): VatNumber | null {
  const written = text.toUpperCase().replace(/[\s.\-/_:]/g, '');
  if (written.length > 20) return null;
  const own = vatPrefixOf(country);
  const allowed = country === 'GB' ? ['GB', 'XI'] : own ? [own] : [];
  const prefix = PREFIXES.find((it) => allowed.includes(it) && written.startsWith(it)) ?? own;
  if (!prefix || !allowed.includes(prefix)) return null;
  const number = complete(
    prefix,
    written.startsWith(prefix) ? written.slice(prefix.length) : written,
  );
  const rule = VAT_NUMBER_RULES[prefix];
  if (!rule?.pattern.test(number) || !rule.isRight(number)) return null;
  return { prefix, text: `${prefix}${number}` };
}

/** Belgian numbers of before 2005 and Greek ones of before 2000 were written without their first zero. */
function complete(prefix: string, number: string): string {
  if (prefix === 'BE') return number.padStart(10, '0');
  if (prefix === 'EL') return number.padStart(9, '0');
  return number;
}

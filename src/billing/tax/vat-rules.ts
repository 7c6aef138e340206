import { isInEu } from './eu-countries.js';
import type { VatNumber } from './vat-number/vat-number.js';

/** UNCL 5305, as EN 16931 takes it: standard rate, reverse charge, outside the scope of VAT. */
export type VatCategory = 'S' | 'AE' | 'O';

/** Hundredths of a percent: 2100 is 21 %. */
export type VatRate = number;

export interface VatTreatment {
  category: VatCategory;
  rate: VatRate;
  /** Which line of the table it is, for the paper and for those who check it. */
  reason: 'domestic' | 'eu_business' | 'eu_without_number' | 'outside_eu' | 'unknown_country';
}

export interface VatCustomer {
  /** ISO 3166-1 alpha-2 of the place of business; null where nobody has told it. */
  country: string | null;
  /** One that may be relied on: well written and, where VIES is asked, confirmed. */
  vatNumber: VatNumber | null;
}

/**
 * Standard rates of the seller's country, newest first. An adopter that is established elsewhere adds a line.
 * BE: Royal Decree no. 20 of 20 July 1970, article 1, as amended with effect from 1 January 1996.
 */
const STANDARD_RATES: Readonly<Record<string, readonly { from: string; rate: VatRate }[]>> = {
  BE: [{ from: '1996-01-01', rate: 2100 }],
};

/** Whether invoices can be made for a seller there. */
export function hasVatRate(country: string): boolean {
  return country in STANDARD_RATES;
}

/**
 * The VAT on a service that is supplied electronically, as of 2026-11-27.
 *
 * | customer                       | place of supply              | VAT                | source                              |
 * | ------------------------------ | ---------------------------- | ------------------ | ----------------------------------- |
 * | same country                   | the seller's                 | standard rate      | Directive 2006/112/EC art. 44, 45   |
 * | EU, business with a number     | the customer's               | reverse charge     | art. 44, 196                        |
 * | EU, without a usable number    | the seller's, up to €10,000  | standard rate      | art. 58, 59c; Reg. 282/2011 art. 18 |
 * | outside of the EU              | the customer's               | outside scope      | art. 44, 58                         |
 * | not known                      | presumed the seller's        | standard rate      | caution: it can be credited         |
 *
 * @param seller ISO 3166-1 alpha-2 @param day ISO 8601: of the supply
 */
export function vatFor(customer: VatCustomer, seller: string, day: string): VatTreatment {
  const rate = standardRate(seller, day);
  const { country, vatNumber } = customer;
  if (!country) return { category: 'S', rate, reason: 'unknown_country' };
  if (country === seller) return { category: 'S', rate, reason: 'domestic' };
  if (!isInEu(country, day)) return { category: 'O', rate: 0, reason: 'outside_eu' };
  if (vatNumber) return { category: 'AE', rate: 0, reason: 'eu_business' };
  return { category: 'S', rate, reason: 'eu_without_number' };
}

/** @throws RangeError where the table has none: the configuration is checked with `hasVatRate` at start */
function standardRate(country: string, day: string): VatRate {
  const found = STANDARD_RATES[country]?.find(({ from }) => from <= day);
  if (!found) throw new RangeError(`No VAT rate is known for ${country} on ${day}`);
  return found.rate;
}

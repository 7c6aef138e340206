import { canonicalEmail, isEmailAddress } from '../core/utils/email-address.js';

/** E-mail addresses from typed or pasted text, separated by commas, semicolons, spaces or lines. */
export interface Addresses {
  /** In canonical spelling, without duplicates, in the given order. */
  valid: string[];
  /** Invalid addresses, as typed. */
  invalid: string[];
}

export function addressesIn(text: string): Addresses {
  const given = text.split(/[\s,;]+/).filter(Boolean);
  const each = [...new Set(given.map(canonicalEmail))];
  return {
    valid: each.filter(isEmailAddress),
    invalid: each.filter((address) => !isEmailAddress(address)),
  };
}

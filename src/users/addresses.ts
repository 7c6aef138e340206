import { canonicalEmail, isEmailAddress } from '../core/utils/email-address.js';

/** Addresses somebody typed or pasted, separated by commas, semicolons, spaces or lines. */
export interface Addresses {
  /** In canonical spelling, each once, in the order given. */
  valid: string[];
  /** What cannot be an address, as typed. */
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

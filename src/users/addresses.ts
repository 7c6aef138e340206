import { canonicalEmail, isEmailAddress } from '../core/utils/email-address.js';

/** E-mail addresses from typed or pasted text, separated by commas, semicolons, spaces or lines. */
export interface Addresses {
  /** In canonical spelling, without duplicates, in the given order. */
  valid: string[];
  /** Invalid addresses, as typed. */
  invalid: string[];
}

/** Addresses that are in the text more than once, in canonical spelling. */
export function repeatedIn(text: string): string[] {
  const given = givenIn(text);
  return [...new Set(given.filter((address, at) => given.indexOf(address) < at))];
}

function givenIn(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(canonicalEmail);
}

export function addressesIn(text: string): Addresses {
  const each = [...new Set(givenIn(text))];
  return {
    valid: each.filter(isEmailAddress),
    invalid: each.filter((address) => !isEmailAddress(address)),
  };
}

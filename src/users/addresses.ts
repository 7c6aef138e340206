import { isEmail } from 'class-validator';

/** Addresses somebody typed or pasted, separated by commas, semicolons, spaces or lines. */
export interface Addresses {
  /** Lower case, each once, in the order given. */
  valid: string[];
  /** What cannot be an address, as typed. */
  invalid: string[];
}

export function addressesIn(text: string): Addresses {
  const given = text
    .normalize('NFC')
    .split(/[\s,;]+/)
    .filter(Boolean);
  const each = [...new Set(given.map((address) => address.toLowerCase()))];
  const isAddress = (address: string) => address.length <= 254 && isEmail(address);
  return {
    valid: each.filter(isAddress),
    invalid: each.filter((address) => !isAddress(address)),
  };
}

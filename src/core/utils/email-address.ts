import { domainToASCII, domainToUnicode } from 'node:url';
import { isEmail } from 'class-validator';

/** Octets, by RFC 5321 §4.5.3.1: of the local part, and of a whole address (the path less its brackets). */
const LOCAL_OCTETS = 64;
const ADDRESS_OCTETS = 254;

/** A dot-string of RFC 5321 §4.1.2 with the letters of RFC 6531 §3.3. A quoted local part is none. */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/**
 * The one spelling an address is kept and looked up by: lower case, normal form C, and an international
 * domain in its own letters, whether it was typed so or as `xn--…` (UTS #46).
 */
export function canonicalEmail(text: string): string {
  const address = text.trim().normalize('NFC').toLowerCase();
  const [local, domain] = parts(address);
  if (!isInternational(domain)) return address;
  const ascii = domainToASCII(domain);
  const own = domainToUnicode(ascii);
  // An ASCII label that stands for no letters, or not in this spelling, has no other name.
  return ascii && domainToASCII(own) === ascii ? `${local}@${own}` : address;
}

/** An address, or a part of one that somebody looks for, in canonical spelling as far as can be told. */
export function canonicalPart(text: string): string {
  if (text.includes('@')) return canonicalEmail(text);
  const part = text.normalize('NFC').toLowerCase();
  return part.includes('xn--') ? canonicalEmail(`@${part}`).slice(1) : part;
}

/** Whether mail can go to this canonical address, and nothing in it is read as something else. */
export function isEmailAddress(address: string): boolean {
  const [local, domain] = parts(address);
  const ascii = isInternational(domain) ? domainToASCII(domain) : domain;
  return (
    LOCAL.test(local) &&
    !INVISIBLE.test(address) &&
    // In canonical spelling only what stands for no letters is left like this.
    !/(^|\.)xn--/.test(domain) &&
    Buffer.byteLength(local) <= LOCAL_OCTETS &&
    Buffer.byteLength(`${local}@`) + ascii.length <= ADDRESS_OCTETS &&
    address.length <= ADDRESS_OCTETS &&
    ascii !== '' &&
    isEmail(address) &&
    isEmail(`somebody@${ascii}`)
  );
}

function parts(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return [address.slice(0, Math.max(at, 0)), address.slice(at + 1)];
}

function isInternational(domain: string): boolean {
  return /[^\x20-\x7e]|xn--/.test(domain);
}

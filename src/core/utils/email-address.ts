import { domainToASCII, domainToUnicode } from 'node:url';
import { isEmail } from 'class-validator';

/** Maximum octets of the local part and of an address (RFC 5321 §4.5.3.1). */
const LOCAL_OCTETS = 64;
const ADDRESS_OCTETS = 254;

/**
 * A dot-string (RFC 5321 §4.1.2) with international letters (RFC 6531 §3.3). Quoted local parts are not
 * accepted.
 */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/**
 * Canonical spelling of an address, for storage and look-up: lower case, normal form C, and an international
 * domain in Unicode, typed so or as `xn--…` (UTS #46).
 */
export function canonicalEmail(text: string): string {
  const address = text.trim().normalize('NFC').toLowerCase();
  const [local, domain] = parts(address);
  if (!isInternational(domain)) return address;
  const ascii = domainToASCII(domain);
  const own = domainToUnicode(ascii);
  // An ASCII label that is not the encoding of a Unicode label stays as it is.
  return ascii && domainToASCII(own) === ascii ? `${local}@${own}` : address;
}

/** Canonical spelling of a search term that is an address or part of one, as far as possible. */
export function canonicalPart(text: string): string {
  if (text.includes('@')) return canonicalEmail(text);
  const part = text.normalize('NFC').toLowerCase();
  return part.includes('xn--') ? canonicalEmail(`@${part}`).slice(1) : part;
}

/** Whether this canonical address is valid and unambiguous for mail. */
export function isEmailAddress(address: string): boolean {
  const [local, domain] = parts(address);
  const ascii = isInternational(domain) ? domainToASCII(domain) : domain;
  return (
    LOCAL.test(local) &&
    !INVISIBLE.test(address) &&
    // After canonicalisation, `xn--` labels are invalid ones.
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

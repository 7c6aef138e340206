import { createHash, randomBytes } from 'node:crypto';
import { base32 } from './totp.js';

/** Number of codes in a set. */
export const RECOVERY_CODES = 10;

/** Crockford's alphabet: no letter is taken for a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 120 bits: 24 characters, in six groups of four. */
const BYTES = 15;

/** A code as it is shown: `7K2M-…`, 120 random bits. */
export function newRecoveryCode(): string {
  return groupsOfFour(base32(randomBytes(BYTES), ALPHABET)).join('-');
}

/** SHA-256 suffices for 120 random bits; null when it cannot be a code. Spelling is forgiven. */
export function hashRecoveryCode(typed: string): Buffer | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (code.length !== 24 || [...code].some((letter) => !ALPHABET.includes(letter))) return null;
  return createHash('sha256').update(code).digest();
}

export function groupsOfFour(text: string): string[] {
  return text.match(/.{1,4}/g) ?? [];
}

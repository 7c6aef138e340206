import { createHash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `atrium_ab12cd34_<43 characters><6 characters>`: a visible prefix, 256 random bits and the CRC-32 of
 * everything before it, both in base 62. A scanner for leaked secrets tells one from any other text
 * without asking us, and we refuse what cannot be one without asking the database.
 */
const API_KEY = /^(atrium_[0-9a-z]{8})_[0-9A-Za-z]{49}$/;

export interface NewApiKey {
  secret: string;
  /** What people recognise it by: not secret. */
  prefix: string;
  hash: Buffer;
}

/** A new key. Only its hash is ever stored. */
export function newApiKey(): NewApiKey {
  const name = Array.from({ length: 8 }, () => DIGITS[randomInt(36)]).join('');
  const prefix = `atrium_${name}`;
  const random = inBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43);
  const secret = withChecksum(`${prefix}_${random}`);
  return { secret, prefix, hash: hashApiKey(secret) };
}

/** SHA-256: enough for a secret that cannot be guessed. */
export function hashApiKey(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether `text` can be a key at all. */
export function looksLikeApiKey(text: string): boolean {
  return API_KEY.test(text) && withChecksum(text.slice(0, -CHECKSUM)) === text;
}

/** The key in an `Authorization` header (RFC 6750 §2.1); null when it is something else. */
export function apiKeyIn(authorization: string): string | null {
  return /^bearer +(atrium_\S*)\s*$/i.exec(authorization)?.[1] ?? null;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CHECKSUM = 6;

function withChecksum(text: string): string {
  return text + inBase62(BigInt(crc32(text)), CHECKSUM);
}

function inBase62(number: bigint, length: number): string {
  let text = '';
  for (let rest = number; text.length < length; rest /= 62n)
    text = DIGITS[Number(rest % 62n)] + text;
  return text;
}

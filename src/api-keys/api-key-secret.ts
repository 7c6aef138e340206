import { createHash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `atrium_ab12cd34_<43 characters><6 characters>`: a visible prefix, 256 random bits and the CRC-32 of
 * everything before it, both in base 62. Secret scanners recognise a key by its checksum, and an invalid one
 * is refused without a database query.
 */
const API_KEY = /^(atrium_[0-9a-z]{8})_[0-9A-Za-z]{49}$/;

export interface NewApiKey {
  secret: string;
  /** Identifies the key in lists; not secret. */
  prefix: string;
  hash: Buffer;
}

/** Creates a key. Only its hash is stored. */
export function newApiKey(): NewApiKey {
  const name = Array.from({ length: 8 }, () => DIGITS[randomInt(36)]).join('');
  const prefix = `atrium_${name}`;
  const random = inBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43);
  const secret = withChecksum(`${prefix}_${random}`);
  return { secret, prefix, hash: hashApiKey(secret) };
}

/** SHA-256 suffices for a secret with 256 random bits. */
export function hashApiKey(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether the text has the format and checksum of a key. */
export function looksLikeApiKey(text: string): boolean {
  return API_KEY.test(text) && withChecksum(text.slice(0, -CHECKSUM)) === text;
}

/** The key in an `Authorization: Bearer` header (RFC 6750 §2.1); null when it is not an API key. */
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

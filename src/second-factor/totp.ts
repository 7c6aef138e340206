import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds a code is shown (RFC 6238 §5.2). */
export const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps before and after the current one whose codes are accepted, for clocks that differ (RFC 6238 §5.2). */
const DRIFT = 1;
/** As long as the hash (RFC 4226 §4, R6). */
const SEED_BYTES = 20;

export function newSeed(): Buffer {
  return randomBytes(SEED_BYTES);
}

/** The number of the time step at `milliseconds` since 1970. */
export function stepAt(milliseconds: number): number {
  return Math.floor(milliseconds / 1000 / STEP_SECONDS);
}

/** The code of a step: HOTP with SHA-1 (RFC 4226 §5.3), cut to `digits`. */
export function codeOf(seed: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', seed).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const value = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(value % 10 ** digits).padStart(digits, '0');
}

/** The step whose code was typed, among the accepted ones; null when it is none. Spaces are ignored. */
export function stepOf(seed: Buffer, typed: string, now = Date.now()): number | null {
  const code = typed.replace(/\s/g, '');
  if (!/^\d{6}$/.test(code)) return null;
  const current = stepAt(now);
  let found: number | null = null;
  // All are compared, so that the time tells nothing.
  for (let step = current - DRIFT; step <= current + DRIFT; step += 1) {
    if (timingSafeEqual(Buffer.from(code), Buffer.from(codeOf(seed, step)))) found = step;
  }
  return found;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, without padding: how authenticator apps take a secret. */
export function base32(bytes: Buffer, alphabet = BASE32): string {
  let text = '';
  let [bits, value] = [0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31];
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
}

/** The address that a QR code carries to an authenticator app (`otpauth://`, Key URI Format). */
export function keyUri(seed: Buffer, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = new URLSearchParams({
    secret: base32(seed),
    issuer,
    algorithm: 'SHA1',
    digits: String(DIGITS),
    period: String(STEP_SECONDS),
  });
  return `otpauth://totp/${label}?${query.toString().replaceAll('+', '%20')}`;
}

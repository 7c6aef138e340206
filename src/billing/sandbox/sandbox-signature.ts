import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SecretBox } from '../../core/crypto/secret-box.js';
import { NotificationRefused } from '../provider/provider-errors.js';

export const SIGNATURE_HEADER = 'sandbox-signature';

/** Seconds a signature counts, either way: clocks differ. */
const TOLERANCE = 300;

/** Signs as providers do: the time and the bytes, so that what was seen once cannot be sent for ever. */
export function signature(body: string, secret: string, at: Date = new Date()): string {
  const time = Math.floor(+at / 1000);
  return `t=${time},v1=${markOf(time, Buffer.from(body), secret).toString('hex')}`;
}

/**
 * Whether one of the secrets signed these bytes lately; several count while one takes the place of another.
 * @throws NotificationRefused
 */
export function requireSignature(
  body: Buffer,
  headers: IncomingHttpHeaders,
  secrets: readonly string[],
): void {
  const shown = headers[SIGNATURE_HEADER];
  if (typeof shown !== 'string') throw new NotificationRefused('unsigned');
  const parts = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(shown);
  if (!parts) throw new NotificationRefused('bad_signature');
  const time = Number(parts[1]);
  const mark = Buffer.from(parts[2]!, 'hex');
  const isTrue = secrets.some((secret) => timingSafeEqual(mark, markOf(time, body, secret)));
  if (!isTrue) throw new NotificationRefused('bad_signature');
  if (Math.abs(Date.now() / 1000 - time) > TOLERANCE) throw new NotificationRefused('stale');
}

function markOf(time: number, body: Buffer, secret: string): Buffer {
  return new SecretBox(secret, 'sandbox notifications').hmac(
    Buffer.concat([Buffer.from(`${time}.`), body]),
  );
}

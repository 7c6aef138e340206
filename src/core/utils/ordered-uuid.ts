import { randomBytes } from 'node:crypto';

let last = 0n;

/**
 * A UUID of version 7 (RFC 9562 §5.7) that is greater than every one this process made before: the 12 bits
 * after the milliseconds count where several are made in one (§6.2, method 1).
 */
export function orderedUuid(now: number = Date.now()): string {
  const earliest = BigInt(now) << 12n;
  last = earliest > last ? earliest : last + 1n;
  const time = (last >> 12n).toString(16).padStart(12, '0');
  const counter = (last & 0xfffn).toString(16).padStart(3, '0');
  const random = randomBytes(8);
  random[0] = (random[0]! & 0x3f) | 0x80;
  const rest = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

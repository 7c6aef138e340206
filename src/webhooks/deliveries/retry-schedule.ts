const SECOND = 1;
const MINUTE = 60;
const HOUR = 3600;

/** Seconds from each failed attempt to the next; about 75 hours in all. */
export const RETRY_DELAYS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

export const MOST_ATTEMPTS = RETRY_DELAYS.length + 1;

/** A receiver may ask for no longer than this. */
const LONGEST = 24 * HOUR;

/**
 * Seconds until the next attempt after `attempts` failed ones; null: none. Up to a tenth longer, at random, so that
 * what failed together does not come back together. `Retry-After` of the receiver only makes it longer.
 */
export function retryDelay(
  attempts: number,
  retryAfter: number | null = null,
  random: number = Math.random(),
): number | null {
  const delay = RETRY_DELAYS[attempts - 1];
  if (delay === undefined) return null;
  return Math.max(delay * (1 + random / 10), Math.min(retryAfter ?? 0, LONGEST));
}

/** Seconds of a `Retry-After` header, which is a number or a date (RFC 9110 §10.2.3); null without a valid one. */
export function retryAfterOf(header: string | undefined, now: number = Date.now()): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, (at - now) / 1000);
}

/**
 * Number of attempts per client address and per account, and the window in seconds; `RATE_LIMIT_MULTIPLIER`
 * scales the numbers.
 */
export interface RateLimitPolicy {
  seconds: number;
  perAddress: number;
  /**
   * Key: the signed-in user, else the typed e-mail address, else the token of a link. Absent where strangers
   * could use it up and lock somebody out.
   */
  perAccount?: number;
  /** Successful attempts do not count for the account. */
  failuresOnly?: true;
}

/** Property of an operation in the API's document: the name of its limit, then its numbers here. */
export const RATE_LIMIT_EXTENSION = 'x-rate-limit';

/** How many tries a limit means, by `RATE_LIMIT_MULTIPLIER`. */
export function scaled(limit: number, multiplier: number): number {
  return Math.max(1, Math.floor(limit * multiplier));
}

/** Limits of mails that anybody can cause to an address: number per window in seconds. */
export const MAIL_LIMITS = {
  /** The window is the link's lifetime, so one link always works or another may be mailed. */
  reset_mail: { seconds: 3600, perAccount: 5 },
  /** To an address that somebody typed after opening an invitation link. */
  link_mail: { seconds: 3600, perAccount: 3 },
} as const;

/** Limits per person, whatever the address and the form: number per window in seconds. */
export const PERSON_LIMITS = {
  /**
   * Proofs of a second factor. Of a code with six digits three are valid at a time: 20 an hour find one with
   * less than 0.2 % a day (NIST SP 800-63B-4 §3.2.2 allows 100 in a row).
   */
  factor_proof: { seconds: 3600, perAccount: 20 },
} as const;

export type PersonLimitName = keyof typeof PERSON_LIMITS;

export type MailLimitName = keyof typeof MAIL_LIMITS;

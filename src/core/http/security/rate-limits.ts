/**
 * How often something may be tried, per client address and per account, in how many seconds;
 * `RATE_LIMIT_MULTIPLIER` scales every number of tries.
 */
export interface RateLimitPolicy {
  seconds: number;
  perAddress: number;
  /**
   * Counted by who is signed in, else by the e-mail address typed, else by the token of a link. Absent
   * where a stranger could use it up and so keep somebody else from what they need.
   */
  perAccount?: number;
  /** What succeeds is not counted for the account: only wrong guesses are. */
  failuresOnly?: true;
}

/** Mails that anybody may have sent to an address: in how many seconds how many. */
export const MAIL_LIMITS = {
  /** No longer than such a link works: there always is one that does, or another mail may be sent. */
  reset_mail: { seconds: 3600, perAccount: 5 },
} as const;

export type MailLimitName = keyof typeof MAIL_LIMITS;

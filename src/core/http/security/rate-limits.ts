/** How often something may be tried, per client address and per account, in how many seconds. */
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

/** All limits in one place; `RATE_LIMIT_MULTIPLIER` scales every number of tries. */
export const RATE_LIMITS = {
  sign_in: { seconds: 300, perAddress: 60, perAccount: 10, failuresOnly: true },
  register: { seconds: 600, perAddress: 40 },
  refresh: { seconds: 300, perAddress: 600, perAccount: 600 },
  /** Beyond `reset_mail` no further mail is sent, and the answer is the same: the latest link works. */
  password_reset: { seconds: 3600, perAddress: 40 },
  reset_confirm: { seconds: 3600, perAddress: 60, perAccount: 60 },
  /** Asking for a password again inside a session: guessing it must not be cheaper than signing in. */
  reauthenticate: { seconds: 300, perAddress: 60, perAccount: 10 },
  send_link: { seconds: 3600, perAddress: 40, perAccount: 5 },
  invitation: { seconds: 3600, perAddress: 200, perAccount: 100 },
  /** Counted by the token of the link: it comes with a password, which must not be cheap to guess. */
  acceptance: { seconds: 3600, perAddress: 200, perAccount: 10 },
} as const satisfies Record<string, RateLimitPolicy>;

/** Mails that anybody may have sent to an address: in how many seconds how many. */
export const MAIL_LIMITS = {
  /** No longer than such a link works: there always is one that does, or another mail may be sent. */
  reset_mail: { seconds: 3600, perAccount: 5 },
} as const;

export type RateLimitName = keyof typeof RATE_LIMITS;
export type MailLimitName = keyof typeof MAIL_LIMITS;

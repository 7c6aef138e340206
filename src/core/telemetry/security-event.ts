/**
 * What an operator may want to be told of (ASVS 5.0 16.3.2, 16.3.3): each is a line of the log with a
 * field `event`, and a counter to alert on.
 */
export const SECURITY_EVENTS = [
  /** A wrong password, or an address without an account. */
  'sign_in_failed',
  /** The API was shown no credentials, or such as open nothing. */
  'unauthenticated',
  /** Known, but not allowed; for the back office of staff that is "not found". */
  'access_refused',
  /** Something that does not exist, or is somebody else's: which of the two, the answer does not tell. */
  'not_found',
  /** A form that did not come from a page of ours, or from one that is too old. */
  'csrf_refused',
  /** More tries than `rate-limits.ts` allows. */
  'rate_limited',
] as const;

export type SecurityEvent = (typeof SECURITY_EVENTS)[number];

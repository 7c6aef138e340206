/**
 * Security events (ASVS 5.0 16.3.2, 16.3.3): each is a log line with a field `event` and a counter for
 * alerts.
 */
export const SECURITY_EVENTS = [
  /** A wrong password, or an address without an account. */
  'sign_in_failed',
  /** A wrong second factor, at sign-in or when somebody confirms who they are. */
  'second_factor_failed',
  /** Missing or invalid credentials in an API request. */
  'unauthenticated',
  /** Authenticated but not allowed; answered "not found" in the back office. */
  'access_refused',
  /** A resource that does not exist or belongs to somebody else; the answer does not distinguish them. */
  'not_found',
  /** A form with a missing, forged or expired CSRF token. */
  'csrf_refused',
  /** A rate limit was exceeded. */
  'rate_limited',
] as const;

export type SecurityEvent = (typeof SECURITY_EVENTS)[number];

/** Days for which a closed organisation is read-only, and can be reopened. */
export const CLOSED_DAYS = 30;

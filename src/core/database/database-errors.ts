interface Coded {
  code?: unknown;
  constraint?: unknown;
  driverError?: unknown;
}

/** Whether the error is a duplicate (SQLSTATE 23505) of the named constraint or index. */
export function isDuplicate(error: unknown, constraint: string): boolean {
  const { code, constraint: name } = driverError(error);
  return code === '23505' && name === constraint;
}

/** Whether the row refers to one that is not there (SQLSTATE 23503), by the named foreign key. */
export function isDangling(error: unknown, constraint: string): boolean {
  const { code, constraint: name } = driverError(error);
  return code === '23503' && name === constraint;
}

/** Whether the error is a violation (SQLSTATE 23514) of the named check or constraint trigger. */
export function isRefusedBy(error: unknown, rule: string): boolean {
  const { code, constraint: name } = driverError(error);
  return code === '23514' && name === rule;
}

/**
 * Whether the error is temporary: the database is unreachable, out of connections or too slow (SQLSTATE
 * classes 08, 53 and 57, 25P03), or two transactions conflicted (40001, 40P01). A retry can succeed.
 */
export function isUnavailable(error: unknown): boolean {
  const { code } = driverError(error);
  if (typeof code === 'string') {
    return /^(08|53|57|25P03|40001|40P01)/.test(code) || UNREACHABLE.has(code);
  }
  return error instanceof Error && UNAVAILABLE.test(error.message);
}

/**
 * Whether the connection must be discarded. An error with an SQLSTATE came over a healthy connection, unless
 * the server ends the connection (57P01 to 57P05) or the connection itself failed (class 08).
 */
export function isConnectionLost(error: unknown): boolean {
  const { code } = driverError(error);
  return !/^[0-9A-Z]{5}$/.test(String(code)) || /^(08|57P)/.test(String(code));
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ENOENT',
]);
const UNAVAILABLE =
  /timeout exceeded when trying to connect|Connection terminated|Cannot use a pool after calling end|not queryable|Query read timeout/;

function driverError(error: unknown): Coded {
  if (typeof error !== 'object' || error === null) return {};
  const { driverError: inner } = error as Coded;
  return typeof inner === 'object' && inner !== null ? inner : error;
}

interface Coded {
  code?: unknown;
  constraint?: unknown;
  driverError?: unknown;
}

/** Whether the database refused a duplicate (SQLSTATE 23505) of the named constraint or index. */
export function isDuplicate(error: unknown, constraint: string): boolean {
  const { code, constraint: name } = driverError(error);
  return code === '23505' && name === constraint;
}

/** Whether a rule the database itself keeps (SQLSTATE 23514) refused. */
export function isRefusedBy(error: unknown, rule: string): boolean {
  const { code, constraint: name } = driverError(error);
  return code === '23514' && name === rule;
}

/**
 * The database cannot be reached, takes no more connections or took too long (SQLSTATE classes 08, 53 and
 * 57, 25P03), or two transactions got in each other's way (40001, 40P01): nothing is wrong with the
 * request, and trying again can succeed.
 */
export function isUnavailable(error: unknown): boolean {
  const { code } = driverError(error);
  if (typeof code === 'string') {
    return /^(08|53|57|25P03|40001|40P01)/.test(code) || UNREACHABLE.has(code);
  }
  return error instanceof Error && UNAVAILABLE.test(error.message);
}

/**
 * Whether the connection the error came over is of no use any more. An error with an SQLSTATE comes from the
 * server over a healthy connection, unless it says that the server ends this one (57P01 to 57P05) or that the
 * connection itself failed (class 08).
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

/** An id as PostgreSQL and `randomUUID` write it (RFC 9562 §4), in either case. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id that somebody chose in a form; null for anything else. */
export function uuidOf(value: unknown): string | null {
  return typeof value === 'string' && UUID.test(value) ? value : null;
}

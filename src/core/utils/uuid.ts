/** An id as PostgreSQL and `randomUUID` write it (RFC 9562 §4), in either case. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

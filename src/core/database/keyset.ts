import { isCalendarDay } from '../utils/calendar-day.js';
import { DomainError } from '../errors/domain-error.js';
import { UUID } from '../utils/uuid.js';

/**
 * Pages by key: the next page begins after the last row of this one, and rows that are added or removed
 * meanwhile shift nothing. With a plain column for a key a page costs the same however far down it is.
 * An expression is slower there: under row-level security PostgreSQL looks nothing up in an index by a
 * function that is not leakproof (`lower`, `coalesce`), it walks the organisation's part of the index.
 */
export interface ListOrder {
  /** Part of every cursor: one of another order is refused. */
  name: string;
  /** What is sorted by, never null, best stated exactly as in an index; ties go by `id`. */
  key: string;
  type: keyof typeof KEYS;
  /** `id` of the listed table. */
  id: string;
  /** `uuid` unless said otherwise. */
  idType?: keyof typeof IDS;
  descending?: boolean;
}

/** Where a page begins: right after a row, or right before one. */
export interface Position {
  direction: 'after' | 'before';
  key: string;
  id: string;
}

export interface ListPage<T> {
  items: T[];
  /** Cursors of the neighbouring pages. */
  previous: string | null;
  next: string | null;
}

/** What a listed row carries besides its own columns: its place in the order, as text. */
export interface Keyed {
  id: string;
  key: string;
}

/** @throws DomainError `malformed` when it is no cursor of this order */
export function readCursor(order: ListOrder, cursor: string | null | undefined): Position | null {
  if (!cursor) return null;
  const [name, direction, key, id, ...rest] = parse(cursor);
  const isPosition =
    name === order.name &&
    (direction === 'after' || direction === 'before') &&
    typeof key === 'string' &&
    KEYS[order.type].isValid(key) &&
    typeof id === 'string' &&
    IDS[order.idType ?? 'uuid'].test(id) &&
    rest.length === 0;
  if (!isPosition) throw new DomainError('malformed', 'errors.cursor');
  return { direction, key, id };
}

/**
 * The parts of a list's statement. `from` stands in WHERE and reads the position from the two parameters
 * that start at `$first`; without a position it is true. `key` is selected, for the cursors.
 */
export function keysetSql(order: ListOrder, position: Position | null, first: number) {
  const { type } = KEYS[order.type];
  const isBackwards = position?.direction === 'before';
  const isDescending = Boolean(order.descending) !== isBackwards;
  const [compare, way] = isDescending ? ['<', 'DESC'] : ['>', 'ASC'];
  return {
    key: KEYS[order.type].asText(order.key),
    from: position
      ? `(${order.key}, ${order.id}) ${compare} ($${first}::${type}, $${first + 1}::${order.idType ?? 'uuid'})`
      : 'true',
    orderBy: `${order.key} ${way}, ${order.id} ${way}`,
    values: position ? [position.key, position.id] : [],
  };
}

/** The page that `rows` make, of which one more than `limit` was asked for. */
export function listPage<T extends Keyed>(
  rows: T[],
  order: ListOrder,
  position: Position | null,
  limit: number,
): ListPage<T> {
  const hasMore = rows.length > limit;
  const items = rows.slice(0, limit);
  const isBackwards = position?.direction === 'before';
  if (isBackwards) items.reverse();
  const cursor = (direction: Position['direction'], row: T | undefined) =>
    row ? encode([order.name, direction, row.key, row.id]) : null;
  return {
    items,
    previous: position && (!isBackwards || hasMore) ? cursor('before', items[0]) : null,
    next: isBackwards || hasMore ? cursor('after', items.at(-1)) : null,
  };
}

/** How a key travels in a cursor without losing a microsecond, and what it must look like on return. */
const KEYS = {
  text: {
    type: 'text',
    asText: (key: string) => key,
    isValid: (text: string) => !text.includes('\0') && text.isWellFormed(),
  },
  date: {
    type: 'date',
    asText: (key: string) => `(${key})::text`,
    isValid: (text: string) =>
      text === 'infinity' || (/^[1-9]\d{3}-\d\d-\d\d$/.test(text) && isCalendarDay(text)),
  },
  time: {
    type: 'timestamptz',
    asText: (key: string) => `to_char(${key} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    isValid: (text: string) =>
      /^[1-9]\d{3}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/.test(text) &&
      isCalendarDay(text.slice(0, 10)),
  },
};

const IDS = {
  uuid: UUID,
  integer: /^\d{1,9}$/,
};

function encode(parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function parse(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor.slice(0, 2_000), 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

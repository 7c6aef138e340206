import { isCalendarDay } from '../utils/calendar-day.js';
import { DomainError } from '../errors/domain-error.js';
import { UUID } from '../utils/uuid.js';

/**
 * Keyset pagination: the next page begins after the last row of this one, so that inserted or deleted rows
 * shift nothing. With a plain column as key every page costs the same. An expression is slower: under
 * row-level security PostgreSQL uses no index look-up with functions that are not leakproof (`lower`,
 * `coalesce`) and walks the organisation's range of the index.
 */
export interface ListOrder {
  /** Name of the order, part of every cursor: a cursor of another order is refused. */
  name: string;
  /** SQL of the sort key, never null, preferably exactly as in an index; ties are sorted by `id`. */
  key: string;
  type: keyof typeof KEYS;
  /** SQL of the id column. */
  id: string;
  /** `uuid` unless said otherwise. */
  idType?: keyof typeof IDS;
  descending?: boolean;
}

/** Start of a page: after a row, or (backwards) before one. */
export interface Position {
  direction: 'after' | 'before';
  key: string;
  id: string;
}

/** What every list is asked for; features add their filters, null where they are not set. */
export interface ListQuery<Sort extends string = string> {
  /** Text that a row contains, in any case; of its title also with other accents. */
  q: string | null;
  sort: Sort;
  cursor: string | null;
  /** Maximum number of rows; `PAGE_SIZE` unless said otherwise. */
  limit?: number;
}

/** Rows on one page of a list. */
export const PAGE_SIZE = 25;

/** So many rows a list counts and adds up at most, however many it finds. */
export const MOST_COUNTED = 10_000;

/** What stands under a list: how many rows it finds, `MOST_COUNTED` + 1 where there are more. */
export interface ListTotals {
  count: number;
  /** Whether there are deleted rows, whatever is asked for. */
  hasDeleted: boolean;
}

export interface ListPage<T> {
  items: T[];
  /** Cursors of the previous and next page; null where there is none. */
  previous: string | null;
  next: string | null;
}

/** Sort key of a listed row, as text. */
export interface Keyed {
  id: string;
  key: string;
}

/** Decodes a cursor. @throws DomainError `malformed` for an invalid cursor or one of another order */
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
 * SQL parts of a list statement: `key` (selected, for the cursors), `from` (condition for WHERE, reads the
 * position from two parameters starting at `$first`; true without a position) and `orderBy`.
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

/** Makes the page and its cursors from `rows`, of which `limit` + 1 were selected. */
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

/** Conversion of keys to cursor text, without loss of microseconds, and the format to accept. */
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

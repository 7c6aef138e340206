import { InvalidInput } from './invalid-input.js';

/** A query string as the server reads it: a name given twice has two values. */
export type Query = Record<string, string | string[] | undefined>;

/** What somebody reads a list with (`?limit=` and `?cursor=`). */
export interface PageRequest {
  limit: number;
  /** The key of the last row of the page before; null for the first page. */
  after: string | null;
}

const DEFAULT_LIMIT = 50;

/** @throws InvalidInput */
export function pageRequest(query: Query, max = 100): PageRequest {
  return { limit: limitOf(query, max), after: afterOf(query) };
}

/** The cursor that continues after this row. Clients hand it back and read nothing into it. */
export function cursorAfter(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** One text value of the query, the last one given; null when there is none or it is blank. */
export function textParam(query: Query, name: string): string | null {
  const value = query[name];
  return (Array.isArray(value) ? value.at(-1) : value) || null;
}

export function badCursor(): InvalidInput {
  return new InvalidInput([{ field: 'cursor', key: 'validation.cursor', args: {} }]);
}

function limitOf(query: Query, max: number): number {
  const text = textParam(query, 'limit');
  if (text === null) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= max) return limit;
  const args = { min: 1, max };
  throw new InvalidInput([{ field: 'limit', key: 'validation.whole_number', args }]);
}

function afterOf(query: Query): string | null {
  const text = textParam(query, 'cursor');
  if (text === null) return null;
  const key = Buffer.from(text, 'base64url').toString();
  if (cursorAfter(key) !== text) throw badCursor();
  return key;
}

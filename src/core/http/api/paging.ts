import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { DomainError } from '../../errors/domain-error.js';
import { InvalidInput } from '../forms/invalid-input.js';

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

/** `?limit=` alone, for lists whose cursors are their own. @throws InvalidInput */
export function limitParam(query: Query, max = 100): number {
  return limitOf(query, max);
}

/** One of a few words; null when it is not given. @throws InvalidInput */
export function choiceParam<T extends string>(
  query: Query,
  name: string,
  choices: readonly T[],
): T | null {
  const text = textParam(query, name);
  if (text === null) return null;
  const choice = choices.find((each) => each === text);
  if (choice) return choice;
  throw new InvalidInput([{ field: name, key: 'validation.choice', args: {} }]);
}

/** Describes `?limit=` and `?cursor=`. */
export function PageQuery(max = 100) {
  return applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: max, default: DEFAULT_LIMIT },
    }),
    ApiQuery({ name: 'cursor', required: false, schema: { type: 'string' } }),
  );
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

/** What somebody looks for: of anything that cannot be in a text, the rest. */
export function searchParam(query: Query, name: string, max: number): string | null {
  const text = textParam(query, name)?.replaceAll('\0', '').trim().slice(0, max);
  return text?.toWellFormed() || null;
}

/** The text a cursor holds, as long as the database can compare with it. @throws InvalidInput */
export function textCursor(after: string): string {
  if (after.includes('\0') || after.length > 254) throw badCursor();
  return after;
}

/** Lists by `keyset.ts` refuse what is no cursor of theirs; here that is a mistake in the query. */
export async function byCursor<T>(list: () => Promise<T>): Promise<T> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'malformed') throw badCursor();
    throw error;
  }
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

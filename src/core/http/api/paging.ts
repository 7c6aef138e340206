import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { readCursor, type ListOrder } from '../../database/keyset.js';
import { DomainError } from '../../errors/domain-error.js';
import type { FormProblem } from '../forms/form.js';
import { searchTerm } from '../../utils/search-term.js';
import { UUID } from '../../utils/uuid.js';
import { InvalidInput, MAX_PROBLEMS } from '../forms/invalid-input.js';

/** A parsed query string; a repeated name has several values. */
export type Query = Record<string, string | string[] | undefined>;

const DEFAULT_LIMIT = 50;

/**
 * Reads the query string of an API request and reports all invalid and unknown parameters at once.
 * @throws InvalidInput
 */
export function readQuery<T>(query: Query, read: (reader: QueryReader) => T): T {
  const reader = new QueryReader(query);
  const asked = read(reader);
  const mistakes = reader.mistakes();
  if (mistakes.length > 0) throw new InvalidInput(mistakes.slice(0, MAX_PROBLEMS));
  return asked;
}

/** Collects errors; an invalid parameter reads as absent. */
export class QueryReader {
  private readonly known = new Set<string>();
  private readonly found: FormProblem[] = [];

  constructor(private readonly query: Query) {}

  /** The last value of a parameter; null when absent or blank. */
  text(name: string): string | null {
    this.known.add(name);
    const value = this.query[name];
    return (Array.isArray(value) ? value.at(-1) : value) || null;
  }

  /** A search term, without characters that no text can hold. */
  search(name: string, max: number): string | null {
    const text = searchTerm(this.text(name) ?? '').slice(0, max);
    return text.toWellFormed() || null;
  }

  /** A search term that has to be there, of at most `max` characters. */
  sought(name: string, max: number): string | null {
    const text = searchTerm(this.text(name) ?? '');
    if (text === '') this.refuse(name, 'validation.required');
    if (text.length > max) this.refuse(name, 'validation.too_long', { max });
    return this.isMistaken(name) ? null : text;
  }

  /** An id that has to be there. */
  id(name: string): string | null {
    const text = this.text(name);
    if (text === null) this.refuse(name, 'validation.required');
    else if (!UUID.test(text)) this.refuse(name, 'validation.unknown_row');
    return this.isMistaken(name) ? null : text;
  }

  /** One of the given choices. */
  choice<T extends string>(name: string, choices: readonly T[]): T | null {
    const text = this.text(name);
    const choice = choices.find((each) => each === text) ?? null;
    if (text !== null && choice === null) this.refuse(name, 'validation.choice');
    return choice;
  }

  /** `?limit=`: maximum number of rows, 1 to `max`. */
  limit(max = 100): number {
    const text = this.text('limit');
    if (text === null) return DEFAULT_LIMIT;
    const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (limit >= 1 && limit <= max) return limit;
    this.refuse('limit', 'validation.whole_number', { min: 1, max });
    return DEFAULT_LIMIT;
  }

  /** `?cursor=` of `cursorAfter`: the key of the last row of the previous page; null for the first page. */
  after(isKey: (key: string) => boolean): string | null {
    const text = this.text('cursor');
    if (text === null) return null;
    const key = Buffer.from(text, 'base64url').toString();
    if (cursorAfter(key) === text && isKey(key)) return key;
    this.refuse('cursor', 'validation.cursor');
    return null;
  }

  /** `?cursor=` of a keyset list. Not checked when the order itself is invalid. */
  cursor(order: ListOrder | null): string | null {
    const text = this.text('cursor');
    try {
      if (order) readCursor(order, text);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.refuse('cursor', 'validation.cursor');
    }
    return text;
  }

  /** `?sort=`, one of these orders, and `?cursor=` in that order. */
  order<Sort extends string>(orders: Readonly<Record<Sort, ListOrder>>, otherwise: Sort) {
    const sort = this.choice('sort', Object.keys(orders) as Sort[]) ?? otherwise;
    return { sort, cursor: this.cursor(this.isMistaken('sort') ? null : orders[sort]) };
  }

  isMistaken(name: string): boolean {
    return this.found.some(({ field }) => field === name);
  }

  mistakes(): FormProblem[] {
    const unknown = Object.keys(this.query).filter((name) => !this.known.has(name));
    const key = 'validation.unknown_parameter';
    return [
      ...this.found,
      ...unknown.map((name): FormProblem => ({ field: name.slice(0, 100), key, args: {} })),
    ];
  }

  private refuse(field: string, key: FormProblem['key'], args: FormProblem['args'] = {}): void {
    this.found.push({ field, key, args });
  }
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

/** Cursor of the page after this row. Opaque to clients. */
export function cursorAfter(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** Whether PostgreSQL can compare with the key (no NUL). */
export function isTextKey(key: string): boolean {
  return !key.includes('\0') && key.length <= 254;
}

/** The error of a cursor that refers to no row. */
export function badCursor(): InvalidInput {
  return new InvalidInput([{ field: 'cursor', key: 'validation.cursor', args: {} }]);
}

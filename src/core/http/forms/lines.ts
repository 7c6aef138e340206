import { applyDecorators, type Type } from '@nestjs/common';
import { ArrayMaxSize, IsArray } from 'class-validator';
import { validatedProperties } from '../../utils/validated-properties.js';
import { Shape } from './field-shape.js';
import { says } from './fields.js';
import { lastText } from './last-text.js';
import { typedAs } from './typed-values.js';

/** Lines of a form at most: with four fields each they stay below the limit of a body's fields. */
export const MAX_LINES = 100;

const LINES = 'atrium:lines';

/**
 * Rows within a form, such as the lines of an invoice, each a form of its own. A form sends `lines[0].quantity`, of
 * which wholly blank rows are left out; JSON has an array of objects.
 */
export function LinesField(line: Type) {
  return applyDecorators(
    Reflect.metadata(LINES, line),
    Shape({ type: 'lines', schema: line, maxItems: MAX_LINES, optional: true }),
    IsArray(says('validation.lines')),
    ArrayMaxSize(MAX_LINES, says('validation.too_many_lines', { max: MAX_LINES })),
  );
}

type Row = Record<string, string>;

export interface TypedRows extends LineField {
  rows: Row[];
  /** A button asked for one more row, or one less: nothing is saved yet. */
  isRearranged: boolean;
}

/** A field of a form that has lines. */
export interface LineField {
  name: string;
  line: Type;
}

export function lineFields(type: Type): LineField[] {
  return validatedProperties(type).flatMap((name) => {
    const line = Reflect.getMetadata(LINES, type.prototype as object, name) as Type | undefined;
    return line ? [{ name, line }] : [];
  });
}

/** What is typed in the lines of a form. */
export function typedRows(body: unknown, fields: readonly LineField[]): TypedRows[] {
  return fields.map(({ name, line }) => ({ name, line, ...read(body, name, line) }));
}

function read(body: unknown, name: string, line: Type) {
  const given = Object.entries((body ?? {}) as Record<string, unknown>);
  const fields = new Set(validatedProperties(line));
  const found = new Map<number, Row>();
  for (const [key, value] of given) {
    const [, field, index, property = ''] = /^(\w+)\[(\d{1,4})\]\.(\w+)$/.exec(key) ?? [];
    if (field !== name || !fields.has(property)) continue;
    const last = lastText(value);
    if (last === undefined) continue;
    found.set(Number(index), { ...found.get(Number(index)), [property]: last });
  }
  const rows = [...found].sort(([one], [other]) => one - other).map(([, row]) => row);
  const act = lastText(given.find(([key]) => key === `${name}.do`)?.[1]) ?? '';
  if (act.startsWith('remove:')) {
    const others = rows.filter((_, index) => `remove:${index}` !== act);
    return { rows: others.filter(isFilled), isRearranged: true };
  }
  if (act === 'add') return { rows, isRearranged: true };
  return { rows: rows.filter(isFilled), isRearranged: false };
}

function isFilled(row: Row): boolean {
  return Object.values(row).some((value) => value.trim() !== '');
}

/** Rows under the names of their fields in the form: `lines[0].quantity`. */
export function namedRows(name: string, rows: readonly Row[]): Row {
  return Object.fromEntries(
    rows.flatMap((row, index) =>
      Object.entries(row).map(([field, value]) => [`${name}[${index}].${field}`, value]),
    ),
  );
}

/** Saved values of a row with its lines as the form shows them. */
export function withTypedLines<Name extends string, T extends Record<Name, readonly object[]>>(
  values: T,
  name: Name,
  line: Type,
): Omit<T, Name> {
  const { [name]: rows, ...others } = values;
  const typed = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]) => [
        field,
        value === null ? '' : typedAs(line, field)(value),
      ]),
    ),
  );
  return { ...others, ...namedRows(name, typed) };
}

/** The rows of inputs that a form shows: those that are typed, and a blank one. */
export function lineRows(values: Readonly<Row>, name: string) {
  const indexes = Object.keys(values).flatMap((key) => {
    const [, field, index] = /^(\w+)\[(\d+)\]\./.exec(key) ?? [];
    return field === name ? [Number(index)] : [];
  });
  const count = Math.min(Math.max(-1, ...indexes) + 2, MAX_LINES);
  return Array.from({ length: count }, (_, index) => ({
    prefix: `${name}[${index}].`,
    number: index + 1,
    remove: `remove:${index}`,
    /** There is no room for another one below it. */
    isMost: index + 1 === MAX_LINES,
  }));
}

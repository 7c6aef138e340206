import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { shapesOf, type FieldShape } from '../forms/field-shape.js';
import { parseMessage } from '../forms/fields.js';
import { MAX_LINES } from '../forms/lines.js';
import type { FormProblem } from '../forms/form.js';
import { InvalidInput, MAX_PROBLEMS } from '../forms/invalid-input.js';

/**
 * `@Body(jsonBody(CredentialsDto)) body: CredentialsDto`: validates a JSON body. Values must have the
 * declared type, and unknown properties are refused, so nobody can set `is_staff`.
 * @throws InvalidInput
 */
export function jsonBody<T extends object>(type: Type<T>): Type<PipeTransform<unknown, T>> {
  @Injectable()
  class JsonBodyPipe implements PipeTransform<unknown, T> {
    /** Names of the accepted properties. */
    static fields = () => [...shapesOf(type).keys()];

    transform(body: unknown): T {
      return checked(type, body, false);
    }
  }
  return JsonBodyPipe;
}

/** Like `jsonBody`, for PATCH: absent properties stay unchanged and are absent from the input. */
export function jsonPatch<T extends object>(
  type: Type<T>,
): Type<PipeTransform<unknown, Partial<T>>> {
  @Injectable()
  class JsonPatchPipe implements PipeTransform<unknown, Partial<T>> {
    static fields = () => [...shapesOf(type).keys()];

    transform(body: unknown): Partial<T> {
      return checked(type, body, true);
    }
  }
  return JsonPatchPipe;
}

function checked<T extends object>(type: Type<T>, body: unknown, isPatch: boolean): T {
  const given: unknown = body === undefined ? {} : body;
  if (!isRecord(given)) {
    throw new InvalidInput([{ field: null, key: 'validation.object', args: {} }]);
  }
  const shapes = shapesOf(type);
  const { taken, lines, mistakes } = sorted(given, shapes);

  // Passes only values of the declared types on to class-validator.
  const input = plainToInstance(type, taken, { exposeDefaultValues: !isPatch });
  const within = lines.flatMap((each) => readLines(input, each));
  const problems = validateSync(input, { stopAtFirstError: true })
    .filter(
      ({ property }) =>
        Object.hasOwn(taken, property) || !(isPatch || Object.hasOwn(given, property)),
    )
    .flatMap((error): FormProblem[] =>
      Object.values(error.constraints ?? {}).map((message) => ({
        field: error.property,
        ...parseMessage(message),
      })),
    )
    .concat(within, mistakes);
  if (problems.length > 0) throw new InvalidInput(problems.slice(0, MAX_PROBLEMS));
  if (!isPatch) return input;
  const names = Object.keys(taken) as Array<keyof T>;
  return Object.fromEntries(names.map((name) => [name, input[name]])) as T;
}

/** Rows of a body, before anything in them was looked at. */
interface GivenLines {
  name: string;
  rows: ReadonlyArray<Record<string, unknown>>;
  schema: Type;
}

/** Reads lines as bodies of their own. Returns what is wrong with them. */
function readLines(input: object, { name, rows, schema }: GivenLines): FormProblem[] {
  const problems: FormProblem[] = [];
  // Of too many, which are refused, only the number is looked at.
  const read =
    rows.length > MAX_LINES
      ? rows
      : rows.map((row, index) => {
          try {
            return checked(schema, row, false) as object;
          } catch (error) {
            if (!(error instanceof InvalidInput)) throw error;
            const of = (field: string | null) =>
              `${name}[${index}]${field === null ? '' : `.${field}`}`;
            problems.push(...error.problems.map((each) => ({ ...each, field: of(each.field) })));
            return {};
          }
        });
  Object.assign(input, { [name]: read });
  return problems;
}

/**
 * Splits properties by whether their values have the declared type. Lines stand apart: what they hold is of no
 * declared type yet, and not for a library that walks through it.
 */
function sorted(given: Record<string, unknown>, shapes: ReadonlyMap<string, FieldShape>) {
  const taken: Record<string, unknown> = {};
  const lines: GivenLines[] = [];
  const mistakes: FormProblem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const shape = shapes.get(name);
    const key = mistake(value, shape);
    if (key) mistakes.push({ field: name.slice(0, 100), key, args: {} });
    else if (shape?.type === 'lines' && isLines(value)) {
      lines.push({ name, rows: value, schema: shape.schema! });
      taken[name] = [];
    } else taken[name] = shape?.type === 'object' ? JSON.stringify(value) : value;
  }
  return { taken, lines, mistakes };
}

function mistake(value: unknown, shape: FieldShape | undefined): FormProblem['key'] | null {
  if (!shape) return 'validation.unknown_property';
  if (value === null && shape.nullable) return null;
  if (shape.type === 'integer') return Number.isSafeInteger(value) ? null : 'validation.integer';
  if (shape.type === 'array') return isTexts(value) ? null : 'validation.list';
  if (shape.type === 'lines') return isLines(value) ? null : 'validation.lines';
  if (shape.type === 'object') return isObject(value) ? null : 'validation.object';
  if (typeof value === shape.type) return null;
  return shape.type === 'boolean' ? 'validation.boolean' : 'validation.text';
}

function isLines(value: unknown): value is Array<Record<string, unknown>> {
  return Array.isArray(value) && value.every(isRecord);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Deeper ones are refused, since what writes JSON calls itself for each level. */
const MOST_LEVELS = 8;

function isObject(value: unknown): boolean {
  return isRecord(value) && isWithin(value, MOST_LEVELS);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWithin(inner, levels - 1));
}

import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DomainError } from '../../errors/domain-error.js';
import type { TextKey } from '../../i18n/text-keys.js';
import { validatedProperties } from '../../utils/validated-properties.js';
import { Page, type Answer } from '../pipeline/answers.js';
import { hasMany, parseMessage } from './fields.js';
import { lastText } from './last-text.js';
import { MAX_LINES, lineFields, namedRows, typedRows, type LineField } from './lines.js';
import { statusOf } from '../api/problem.js';

// Modules take it from here.
export { lastText };

/** An error of a form as a translation key; about one field, or about the whole form. */
export interface FormProblem {
  field: string | null;
  key: TextKey;
  args: Record<string, unknown>;
}

/** A sent form: the typed values, the validated input and the errors. */
export class Form<T extends object> {
  constructor(
    readonly input: T,
    /** As typed, to show again; without secrets. */
    readonly values: Record<string, string>,
    readonly problems: FormProblem[] = [],
    /** A button asked for another row of inputs, or for one less: the form is shown again. */
    readonly isRearranged = false,
  ) {}

  /** A form to fill in, with suggestions. */
  static blank(values: Record<string, string | null | undefined> = {}): Form<object> {
    const given = Object.entries(values).map(([name, value]) => [name, value ?? '']);
    return new Form({}, Object.fromEntries(given) as Record<string, string>);
  }

  get ok(): boolean {
    return this.problems.length === 0;
  }

  /** Adds the refusal of a use case to the errors of the form. */
  refused({ key, details }: DomainError): this {
    this.problems.push({ field: details.field ?? null, key, args: details.args ?? {} });
    return this;
  }
}

/**
 * Runs `act` with the input of a form. When the input is invalid or the use case refuses, `show` renders the
 * same page with the typed values and errors (422; 503 for temporary errors).
 */
export async function submit<T extends object>(
  form: Form<T>,
  show: (form: Form<T>) => Page | Promise<Page>,
  act: (input: T) => Promise<Answer>,
): Promise<Answer> {
  if (form.isRearranged) return show(form);
  if (!form.ok) return refuse(await show(form), 422);
  try {
    return await act(form.input);
  } catch (error) {
    if (!(error instanceof DomainError) || !SHOWN_IN_FORM.has(error.kind)) throw error;
    const status = error.kind === 'unavailable' ? statusOf(error) : 422;
    return refuse(await show(form.refused(error)), status);
  }
}

const SHOWN_IN_FORM = new Set(['invalid', 'conflict', 'stale', 'unauthenticated', 'unavailable']);

function refuse({ view, model, options }: Page, status: number): Page {
  return new Page(view, model, { ...options, status });
}

/** `@Body(formOf(RegisterForm)) form: Form<RegisterForm>`: the body as a checked form, never an error. */
export function formOf<T extends object>(type: Type<T>): Type<PipeTransform<unknown, Form<T>>> {
  // Asked once, when the class is complete.
  let fields: LineField[] | undefined;
  @Injectable()
  class FormPipe implements PipeTransform<unknown, Form<T>> {
    /** Field names, for tests and documents; other fields are ignored. */
    static readonly fields = () => validatedProperties(type);

    transform(body: unknown): Form<T> {
      const typed = textFields(body, type);
      const input = plainToInstance(type, typed, { exposeDefaultValues: true });
      const lines = typedRows(body, (fields ??= lineFields(type)));
      const within: FormProblem[] = [];
      for (const { name, line, rows } of lines) {
        const read = rows.map(
          (row) => plainToInstance(line, row, { exposeDefaultValues: true }) as object,
        );
        Object.assign(input, { [name]: read });
        // Too many are refused as they are.
        if (read.length > MAX_LINES) continue;
        within.push(...read.flatMap((row, index) => problemsOf(row, `${name}[${index}].`)));
      }
      const values = lines.map(({ name, rows }) => namedRows(name, rows));
      const shown: Record<string, string> = Object.assign(withoutSecrets(typed), ...values);
      if (lines.some(({ isRearranged }) => isRearranged)) return new Form(input, shown, [], true);
      return new Form(input, shown, [...problemsOf(input), ...within]);
    }
  }
  return FormPipe;
}

function problemsOf(input: object, prefix = ''): FormProblem[] {
  return validateSync(input, { stopAtFirstError: true }).flatMap((error) =>
    Object.values(error.constraints ?? {}).map((message) => ({
      field: `${prefix}${error.property}`,
      ...parseMessage(message),
    })),
  );
}

/**
 * The last value of a repeated field counts, as for a checkbox over a hidden field, unless the field may have
 * several.
 */
function textFields(body: unknown, type: Type): Record<string, string> {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const typed: Record<string, string> = {};
  for (const name of validatedProperties(type)) {
    const value: unknown = Object.hasOwn(given, name) ? given[name] : undefined;
    const text = hasMany(type, name) ? allText(value) : lastText(value);
    if (text !== undefined) typed[name] = text;
  }
  return typed;
}

function allText(value: unknown): string | undefined {
  const all = [value].flat().filter((each) => typeof each === 'string');
  return all.length > 0 ? all.join(' ') : undefined;
}

function withoutSecrets(typed: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(typed).filter(([name]) => !name.includes('password')));
}

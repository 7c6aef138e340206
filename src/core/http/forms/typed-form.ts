import type { Request } from 'express';
import { safePath } from '../security/safe-path.js';

/** A sent form: its URL and its fields in order, to be sent again. */
export interface TypedForm {
  action: string;
  fields: { name: string; value: string }[];
  /** Whether it had a file, which only the person can choose again. */
  hadFile: boolean;
}

/** Maximum number of characters of all names and values that are carried along. */
const LONGEST = 64_000;

/** Fields that are never carried along: CSRF tokens and secrets. */
const LEFT_OUT = /^_|password|secret|token/i;

/** Fields that nobody types: hidden ones that identify the form. */
const NOT_TYPED = /^(action|next|version|passkey)$|_id$/;

/** The fields that a person typed. */
export function filledIn({ fields }: TypedForm): TypedForm['fields'] {
  return fields.filter(({ name, value }) => value !== '' && !NOT_TYPED.test(name));
}

/** The form of this request, without passwords and files; null when nothing of it can be sent again. */
export function typedFormOf(req: Request): TypedForm | null {
  const action = safePath(req.originalUrl, '');
  const fields = Object.entries((req.body ?? {}) as Record<string, unknown>)
    .filter(([name]) => !LEFT_OUT.test(name))
    .flatMap(([name, value]) => [value].flat().map((each) => ({ name, value: each })))
    .filter((field): field is TypedForm['fields'][number] => typeof field.value === 'string');
  const length = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (!action || length > LONGEST) return null;
  return { action, fields, hadFile: req.file !== undefined };
}

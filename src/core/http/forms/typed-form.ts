import type { Request } from 'express';
import { safePath } from '../security/safe-path.js';

/** A form as it was sent, to be sent again: where to, and its fields in their order. */
export interface TypedForm {
  action: string;
  fields: { name: string; value: string }[];
  /** A file was with it: nothing can put one into a form but the person. */
  hadFile: boolean;
}

/** Characters of all names and values; more is not carried from page to page. */
const LONGEST = 64_000;

/** What of a form is never shown or sent back: tokens of the page before, and secrets. */
const LEFT_OUT = /^_|password|secret|token/i;

/** Fields of a form that say what it is about: nobody fills them in. */
const NOT_TYPED = /^(action|next|version)$|_id$/;

/** What of a form somebody filled in. */
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

import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiQuery, PartialType } from '@nestjs/swagger';
import type { Permission } from '../../features/names.js';
import { BODY, CHANGE, ONBOARDED, Operation } from '../pipeline/operation.js';

interface Resource {
  /** One row, in words: `purchase order`. */
  one: string;
  /** Several of them: `purchase orders`, with the permissions `purchase_orders:read` and `purchase_orders:write`. */
  many: string;
  /** What one is made of; a PATCH has any of its properties. Without it the route says what it takes. */
  form?: Type<object>;
  /** The body of one, and of a list. */
  body: Type;
  list: Type;
}

/**
 * The operations that rows of a module usually have, as the API document describes them: list (also as CSV), create,
 * get, update, delete, and taking a deletion back.
 */
export function resourceOperations({ one, many, form, body, list }: Resource) {
  const [reads, writes] = ['read', 'write'].map(
    (right) => `${many.replaceAll(' ', '_')}:${right}` as Permission,
  ) as [Permission, Permission];
  const [name, names] = [one, many].map(inPascalCase);
  const article = /^[aeio]/.test(one) ? 'an' : 'a';
  return {
    /** `queries`: what a filter is, or the words that it takes. */
    list: (queries: Readonly<Record<string, string | readonly string[]>> = {}) =>
      applyDecorators(
        ...Object.entries(queries).map(([query, said]) =>
          ApiQuery({
            name: query,
            required: false,
            ...(typeof said === 'string' ? { description: said } : { enum: [...said] }),
          }),
        ),
        Operation({
          id: `list${names}`,
          summary: `List ${many}`,
          answers: [200, list],
          refusals: [422, ...ONBOARDED],
          scope: reads,
          isTagged: true,
          isAlsoCsv: true,
        }),
      ),
    create: () =>
      Operation({
        id: `create${name}`,
        summary: `Add ${article} ${one}`,
        answers: [201, body],
        isLocated: true,
        refusals: [...BODY, ...ONBOARDED],
        scope: writes,
      }),
    get: () =>
      Operation({
        id: `get${name}`,
        summary: `${article === 'an' ? 'An' : 'A'} ${one}`,
        answers: [200, body],
        refusals: [...ONBOARDED, 404],
        isTagged: true,
        scope: reads,
      }),
    update: () =>
      applyDecorators(
        ...(form ? [ApiBody({ type: patchOf(form, `${name}PatchDto`) })] : []),
        Operation({
          id: `update${name}`,
          summary: `Change ${article} ${one}`,
          answers: [200, body],
          refusals: [...CHANGE, ...ONBOARDED, 404],
          scope: writes,
          isTagged: true,
        }),
      ),
    delete: () =>
      Operation({
        id: `delete${name}`,
        summary: `Delete ${article} ${one}`,
        answers: [204],
        refusals: [...ONBOARDED, 404, 412],
        scope: writes,
      }),
    restore: () =>
      Operation({
        id: `restore${name}`,
        summary: 'Take a deletion back',
        answers: [200, body],
        refusals: [...ONBOARDED, 404],
        scope: writes,
      }),
  };
}

/** Any of the properties, under the name that the API document calls it. */
function patchOf(form: Type<object>, name: string): Type<object> {
  return { [name]: class extends PartialType(form) {} }[name]!;
}

/** `purchase order` → `PurchaseOrder`. */
function inPascalCase(words: string): string {
  return words.replace(/(?:^|\s)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

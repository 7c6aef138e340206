import { isDeepStrictEqual } from 'node:util';
import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import type { Request } from 'express';
import type { Changes, SeenVersions } from '../../database/version.js';
import { DomainError } from '../../errors/domain-error.js';
import { camelKeys, snakeKeys } from '../../utils/cases.js';
import { seeOther, success, type FlashMessage, type Redirect } from '../pipeline/answers.js';
import { returnPath } from '../security/return-path.js';
import { Form, formOf } from './form.js';

/** Fields that a list changes in place, and the version that has to be there still. */
export type InPlaceForm = Form<{ version?: number }>;

/**
 * `@Body(inPlaceOf(ChangeInvoiceForm, ['status'])) form: InPlaceForm`: of these fields of a form those that were sent,
 * each checked as in the whole form. Their values are texts as stored, or null; others would be typed differently.
 */
export function inPlaceOf<T extends object & { version: number }>(
  type: Type<T>,
  names: ReadonlyArray<keyof T & string>,
): Type<PipeTransform<unknown, InPlaceForm>> {
  const Whole = formOf(type);
  @Injectable()
  class InPlacePipe implements PipeTransform<unknown, InPlaceForm> {
    /** Field names, for tests and documents. */
    static readonly fields = () => [...names, 'version'];

    transform(body: unknown): InPlaceForm {
      const { input, values, problems } = new Whole().transform(body, { type: 'body' });
      const sent = InPlacePipe.fields().filter((name) => Object.hasOwn(values, name));
      const isSent = (name: string | null) => sent.includes(name ?? '');
      const kept = Object.entries(input).filter(([name]) => isSent(name));
      return new Form(
        Object.fromEntries(kept),
        values,
        problems.filter(({ field }) => isSent(field)),
      );
    }
  }
  return InPlacePipe;
}

/** Rows that are changed in place. */
interface Rows<D> {
  change(id: string, changes: Changes<D>, seen: SeenVersions): Promise<{ version: number }>;
}

/**
 * Changes fields of the row at `path` and answers with the page that the form was sent from, with an undo, which works
 * until the row is changed again. With a version this is that undo. What is refused is told on that page, too.
 * @throws DomainError `not_found`
 */
export async function changeInPlace<D extends object>(
  req: Request,
  form: InPlaceForm,
  { path, id, rows }: { path: string; id: string; rows: Rows<D> },
): Promise<Redirect> {
  const answer = (flash?: FlashMessage) => seeOther(returnPath(req) ?? path, flash);
  const [problem] = form.problems;
  if (problem) return answer({ kind: 'error', key: problem.key });
  const { version, ...values } = form.input;
  const isUndo = version !== undefined;
  let before: Record<string, string> = {};
  const changes = (details: D) => {
    before = pickedFrom(snakeKeys(details), Object.keys(values));
    return camelKeys(values) as Partial<D>;
  };
  try {
    const changed = await rows.change(id, changes, isUndo ? [version] : undefined);
    if (isUndo) return answer(success('layout.in_place.undone'));
    if (isDeepStrictEqual(before, pickedFrom(values, Object.keys(values)))) return answer();
    const undo = { path: `${path}undo/`, fields: { ...before, version: String(changed.version) } };
    return answer({ ...success('layout.in_place.changed'), undo });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // Without a version nothing is stale.
    const key = error.kind === 'stale' ? 'layout.in_place.undone_late' : error.key;
    if (!REFUSALS.has(error.kind)) throw error;
    return answer({ kind: 'error', key });
  }
}

/** What a list tells; the rest is a page of its own. */
const REFUSALS = new Set(['stale', 'invalid', 'conflict']);

function pickedFrom(details: object, names: readonly string[]): Record<string, string> {
  const all = details as Record<string, string | null>;
  return Object.fromEntries(names.map((name) => [name, all[name] ?? '']));
}

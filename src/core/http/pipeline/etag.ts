import { hash } from 'node:crypto';
import { PreconditionFailedException, UseGuards, type CanActivate } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Precondition } from '../../database/precondition.js';

/** A strong tag of exactly this text (RFC 9110 §8.8.3). */
export function etagOf(text: string): string {
  return `"${hash('sha256', text, 'base64url').slice(0, 27)}"`;
}

/** The JSON this route answers is tagged; to a client that has it already, Express answers 304 then. */
export const Tagged = () => UseGuards(tag);

/** Lets everybody in: a note for the moment the answer is sent. */
const tag: CanActivate = {
  canActivate(context) {
    context.switchToHttp().getResponse<Response>().locals.isTagged = true;
    return true;
  },
};

export function isTagged({ locals }: Response): boolean {
  return locals.isTagged === true;
}

/**
 * Refuses a change that was made from another state than the present one (412), when the client says
 * which by `If-Match` (RFC 9110 §13.1.1). `present` is asked once the row is locked: of two changes from
 * the same state at once, the second sees what the first has made of it.
 */
export function ifMatch(
  req: Request,
  present: () => object | Promise<object>,
): Precondition | undefined {
  const given = req.get('if-match');
  if (given === undefined || given.trim() === '*') return undefined;
  return async () => {
    const tag = etagOf(JSON.stringify(await present()));
    if (given.split(',').some((one) => one.trim() === tag)) return;
    throw new PreconditionFailedException();
  };
}

import { hash } from 'node:crypto';
import { PreconditionFailedException, UseGuards, type CanActivate } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Precondition } from '../../database/precondition.js';

/** A strong entity tag of this text (RFC 9110 §8.8.3). */
export function etagOf(text: string): string {
  return `"${hash('sha256', text, 'base64url').slice(0, 27)}"`;
}

/** The JSON answer has an entity tag; Express answers 304 to a client that has it. */
export const Tagged = () => UseGuards(tag);

/** Marks the response to be tagged; admits every request. */
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
 * Checks `If-Match` (RFC 9110 §13.1.1): refuses a change of another state than the current one (412).
 * `present` is called after the row was locked, so of two concurrent changes the second sees the first.
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

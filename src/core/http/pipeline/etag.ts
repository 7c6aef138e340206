import { hash } from 'node:crypto';
import { UseGuards, type CanActivate } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { SeenVersions } from '../../database/version.js';

/** The answer of a route about an editable row; the version of the row is part of its entity tag. */
export class Versioned<T extends object> {
  constructor(
    readonly version: number,
    readonly body: T,
  ) {}
}

/** The answer about an editable row, as `dto` describes it. */
export function versioned<Row extends { version: number }, T extends object>(
  row: Row,
  dto: (row: Row) => T,
): Versioned<T> {
  return new Versioned(row.version, dto(row));
}

/**
 * A strong entity tag of this text (RFC 9110 §8.8.3). The tag of an editable row begins with its version,
 * which `If-Match` is compared with; the digest covers everything else in the text.
 */
export function etagOf(text: string | Buffer, version?: number): string {
  const digest = hash('sha256', text, 'base64url').slice(0, 27);
  return version === undefined ? `"${digest}"` : `"${version}-${digest}"`;
}

/** The JSON answer, or the page of a visitor, has an entity tag: 304 to a client that has it. */
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
 * The versions named by `If-Match` (RFC 9110 §13.1.1); undefined without the header, and for `*`. Weak tags
 * and tags without a version match nothing.
 */
export function ifMatch(req: Request): SeenVersions {
  const given = req.get('if-match');
  if (given === undefined || given.trim() === '*') return undefined;
  return given.split(',').flatMap((one) => {
    const version = /^"(\d{1,9})-[\w-]{27}"$/.exec(one.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

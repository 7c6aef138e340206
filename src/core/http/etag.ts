import { createHash } from 'node:crypto';
import {
  Injectable,
  PreconditionFailedException,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import type { Precondition } from '../database/precondition.js';

/** A strong tag of exactly this answer (RFC 9110 §8.8.3). */
export function etagOf(answer: object): string {
  const digest = createHash('sha256').update(JSON.stringify(answer)).digest('base64url');
  return `"${digest.slice(0, 27)}"`;
}

/** Tags the JSON a handler returns; to a client that has it already, Express answers 304 then. */
@Injectable()
export class EtagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const res = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map((answer: unknown) => {
        if (typeof answer === 'object' && answer !== null) res.setHeader('ETag', etagOf(answer));
        return answer;
      }),
    );
  }
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
    const tag = etagOf(await present());
    if (given.split(',').some((one) => one.trim() === tag)) return;
    throw new PreconditionFailedException();
  };
}

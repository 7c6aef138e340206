import { createHash } from 'node:crypto';
import {
  Injectable,
  UseInterceptors,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { AppConfig } from '../config/config.js';
import { currentScope } from '../context/request-context.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DomainError } from '../errors/domain-error.js';
import { Seal } from '../seal.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { problem } from './operation.js';

/** What is given again: the body, and where the new thing is. */
interface Answer {
  body: unknown;
  location: string | null;
}

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): sent again within 24 hours with the same
 * key and body, the request is answered as it was the first time and does nothing more. The answer is
 * kept in the unit of work of what it tells of, so there is never one without the other; a refusal did
 * nothing, and is not kept.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly seal: Seal;

  constructor(
    private readonly answers: IdempotencyRepository,
    private readonly unitOfWork: UnitOfWork,
    config: AppConfig,
  ) {
    this.seal = new Seal(config.APP_SECRET ?? '', 'idempotent answers');
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const req = context.switchToHttp().getRequest<Request>();
    const key = req.get('idempotency-key');
    if (key === undefined) return next.handle();
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new DomainError('malformed', 'errors.idempotency.malformed');
    }
    const res = context.switchToHttp().getResponse<Response>();
    return from(this.once(req, res, key, () => lastValueFrom(next.handle())));
  }

  private once(req: Request, res: Response, key: string, act: () => Promise<unknown>) {
    const keyHash = sha256(`${ownerOf(req)}\n${req.method} ${req.path}\n${key}`);
    const bodyHash = sha256(JSON.stringify(req.body ?? null));
    const about = keyHash.toString('hex');
    return this.unitOfWork.run(async () => {
      if (!(await this.answers.claim(keyHash))) {
        throw new DomainError('conflict', 'errors.idempotency.running', { retryAfter: 1 });
      }
      const kept = await this.answers.find(keyHash);
      if (kept) {
        if (!kept.bodyHash.equals(bodyHash)) {
          throw new DomainError('invalid', 'errors.idempotency.other_body');
        }
        return this.replay(res, this.seal.open(kept.answer, about));
      }
      const body = await act();
      const answer: Answer = { body, location: (res.getHeader('Location') as string) ?? null };
      const sealed = this.seal.close(Buffer.from(JSON.stringify(answer)), about);
      await this.answers.keep(keyHash, { bodyHash, answer: sealed });
      return body;
    });
  }

  private replay(res: Response, opened: Buffer | null): unknown {
    // Sealed with another secret: what was answered is not known any more, that it was done is.
    if (!opened) throw new DomainError('conflict', 'errors.idempotency.running');
    const { body, location } = JSON.parse(opened.toString()) as Answer;
    if (location) res.setHeader('Location', location);
    res.setHeader('Idempotency-Replayed', 'true');
    return body;
  }
}

/** The route may be sent again with the same `Idempotency-Key`. */
export function Idempotent() {
  return applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Sent again with the same key and body, the request does nothing more',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    problem(409),
  );
}

/** A key is somebody's own; a stranger's is that of their address. */
function ownerOf(req: Request): string {
  return currentScope().actorId ?? `address ${req.ip}`;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

import { randomUUID } from 'node:crypto';
import {
  Injectable,
  UseInterceptors,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { AppConfig } from '../../config/config.js';
import { currentContext } from '../../context/request-context.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { DomainError } from '../../errors/domain-error.js';
import { SecretBox } from '../../crypto/secret-box.js';
import type { WithBytes } from './api-body.guard.js';
import {
  IdempotencyRepository,
  type Claim,
  type EarlierRequest,
} from './idempotency.repository.js';
import { problem } from '../pipeline/operation.js';

/** A stored answer: body and headers; the entity tag is computed from the body. */
interface Answer {
  body: unknown;
  headers: Record<string, string>;
}

const KEPT_HEADERS = ['Location'];

const DeclaredIdempotent = Reflector.createDecorator<{ isUnique: boolean }>();

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that is repeated within 24 hours
 * with the same key and body gets the first answer and has no further effect. The answer is stored in the
 * unit of work of the change; refusals are not stored. See ADR 17.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly secretBox: SecretBox;

  constructor(
    private readonly requests: IdempotencyRepository,
    private readonly unitOfWork: UnitOfWork,
    private readonly reflector: Reflector,
    config: AppConfig,
  ) {
    this.secretBox = new SecretBox(config.secret, 'idempotent answers');
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const req = context.switchToHttp().getRequest<Request>();
    const given = req.get('idempotency-key');
    if (given === undefined) return next.handle();
    const claim = this.claimOf(req, keyIn(given));
    const res = context.switchToHttp().getResponse<Response>();
    const { isUnique } = this.reflector.get(DeclaredIdempotent, context.getHandler());
    const act = async () => {
      const body: unknown = await lastValueFrom(next.handle());
      await this.keep(claim, body, res);
      return body;
    };
    return from(this.once(claim, res, isUnique ? act : () => this.unitOfWork.run(act)));
  }

  private async once(claim: Claim, res: Response, act: () => Promise<unknown>): Promise<unknown> {
    const earlier = await this.requests.claim(claim);
    if (earlier) return this.replay(claim, earlier, res);
    try {
      return await act();
    } catch (error) {
      await this.requests.release(claim).catch(() => undefined);
      throw error;
    }
  }

  private async keep(claim: Claim, body: unknown, res: Response): Promise<void> {
    const headers = KEPT_HEADERS.flatMap((name) => {
      const value = res.getHeader(name);
      return typeof value === 'string' ? [[name, value]] : [];
    });
    const answer: Answer = { body, headers: Object.fromEntries(headers) as Answer['headers'] };
    const sealed = this.secretBox.encrypt(Buffer.from(JSON.stringify(answer)), aboutOf(claim));
    if (!(await this.requests.keep(claim, sealed))) throw stillRunning();
  }

  private replay(claim: Claim, { bodyHash, answer }: EarlierRequest, res: Response): unknown {
    if (!bodyHash.equals(claim.bodyHash)) {
      throw new DomainError('invalid', 'errors.idempotency.other_body');
    }
    const opened = answer && this.secretBox.decrypt(answer, aboutOf(claim));
    if (!opened) throw stillRunning();
    const { body, headers } = JSON.parse(opened.toString()) as Answer;
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    res.setHeader('Idempotency-Replayed', 'true');
    return body;
  }

  /**
   * HMACs instead of plain hashes: a body may hold passwords, which readers of the table must not be able to
   * try.
   */
  private claimOf(req: Request & WithBytes, key: string): Claim {
    const keyHash = this.secretBox.hmac(`${ownerOf(req)}\n${req.method} ${req.path}\n${key}`);
    return { keyHash, bodyHash: this.secretBox.hmac(req.bytes ?? ''), id: randomUUID() };
  }
}

/**
 * The route accepts an `Idempotency-Key`. `isUnique`: the operation can happen only once anyway (an address
 * registers once, a link is used once) and hashes passwords; its answer is stored after its own units of
 * work, so that no transaction is open while it computes.
 */
export function Idempotent({ isUnique = false } = {}) {
  return applyDecorators(
    DeclaredIdempotent({ isUnique }),
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Sent again within 24 hours with the same key and body, the request does nothing more and is answered as before, with `Idempotency-Replayed: true`.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
    }),
    problem(400),
    problem(409),
  );
}

/** The key, plain or as a quoted string (RFC 8941). @throws DomainError `malformed` */
function keyIn(given: string): string {
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new DomainError('malformed', 'errors.idempotency.malformed');
}

/** Keys are scoped to the actor, or to the client address of a visitor. */
function ownerOf(req: Request): string {
  const { actorKind, actorId } = currentContext();
  return actorId ? `${actorKind} ${actorId}` : `address ${req.ip}`;
}

function aboutOf({ keyHash }: Claim): string {
  return keyHash.toString('hex');
}

function stillRunning(): DomainError {
  return new DomainError('conflict', 'errors.idempotency.running', { retryAfter: 1 });
}

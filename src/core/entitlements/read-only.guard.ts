import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { currentActor } from '../context/request-context.js';
import { DomainError } from '../errors/domain-error.js';
import { accessOf } from '../http/access/access.js';
import { isSafe } from '../http/pipeline/safe-method.js';
import { Entitlements } from './entitlements.js';

/** What is sent, as far as it was read. */
export type SentBody = Readonly<Record<string, unknown>>;

interface Opening {
  when: 'always' | 'over_limit';
  /** Of a route that does several things: whether this is one that works. */
  forBody: (body: SentBody) => boolean;
}

const DeclaredOpening = Reflector.createDecorator<Opening>();

/**
 * The change works in an organisation that is read-only because a payment is due (`always`), or only in one
 * that has more than its plan allows (`over_limit`: what removes something). Any other change of what belongs
 * to the organisation is refused then, and a test walks all routes. Reading always works, and so does one's
 * own account (`@Access('self')`).
 */
export const WorksReadOnly = (
  when: Opening['when'] = 'always',
  forBody: Opening['forBody'] = () => true,
) => DeclaredOpening({ when, forBody });

export function readOnlyOpening(
  reflector: Reflector,
  context: ExecutionContext,
): Opening | undefined {
  return reflector.getAllAndOverride(DeclaredOpening, [context.getHandler(), context.getClass()]);
}

/** Holds changes off where the organisation is read-only. Runs once the body has been read. */
@Injectable()
export class ReadOnlyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly entitlements: Entitlements,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!this.entitlements.isOn || accessOf(this.reflector, context) !== 'permitted') return true;
    const actor = currentActor();
    const mode = this.entitlements.mode(actor?.plan);
    if (mode === 'full') return true;
    const req = context.switchToHttp().getRequest<Request>();
    if (isSafe(req)) return true;
    const opening = readOnlyOpening(this.reflector, context);
    if (opening && (opening.when === 'always' || mode === 'over_limit')) {
      const body = (req.body ?? {}) as SentBody;
      if (opening.forBody(body)) return true;
    }
    if (mode === 'over_limit' && !(await this.entitlements.isStillOverLimit())) return true;
    throw mode === 'over_limit'
      ? new DomainError('limit_reached', 'errors.over_limit')
      : new DomainError('subscription_required', 'errors.read_only');
  }
}

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

const WorksWhenClosed = Reflector.createDecorator<true>();

/**
 * The change works in an organisation that its admins closed too: what undoes that, what takes data away, and what
 * ends access that leaked. Any other change of what belongs to the organisation is refused until it is erased.
 */
export const WorksClosed = () => WorksWhenClosed(true);

export function worksClosed(reflector: Reflector, context: ExecutionContext): boolean {
  const places = [context.getHandler(), context.getClass()];
  return reflector.getAllAndOverride<true, true | undefined>(WorksWhenClosed, places) ?? false;
}

/**
 * Holds changes off where the organisation is read-only: because it was closed, or because a payment is due. Both
 * are columns of the organisation that were read with whoever is asking. Runs once the body has been read.
 */
@Injectable()
export class ReadOnlyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly entitlements: Entitlements,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (accessOf(this.reflector, context) !== 'permitted') return true;
    const actor = currentActor();
    const req = context.switchToHttp().getRequest<Request>();
    if (isSafe(req)) return true;
    if (actor?.eraseAt) {
      if (worksClosed(this.reflector, context)) return true;
      throw new DomainError('closed', 'errors.organisation_closed');
    }
    if (!this.entitlements.isOn) return true;
    const mode = this.entitlements.mode(actor?.plan);
    if (mode === 'full') return true;
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

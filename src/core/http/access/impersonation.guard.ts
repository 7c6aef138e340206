import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { currentContext } from '../../context/request-context.js';
import { AllowReadOnlyImpersonation, DenyImpersonation, isMarked } from './access.js';
import { ImpersonationRefusal } from '../../errors/impersonation-refusal.js';
import { isSafe } from '../pipeline/safe-method.js';

/**
 * Guard of impersonation: refuses `@DenyImpersonation()` routes, and unsafe methods when read only, without a
 * declaration at the route.
 */
@Injectable()
export class ImpersonationGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const impersonator = currentContext().principal?.impersonator;
    if (!impersonator) return true;
    if (isMarked(DenyImpersonation, this.reflector, context)) {
      throw new ImpersonationRefusal('out_of_reach');
    }
    const req = context.switchToHttp().getRequest<Request>();
    const isFree = isSafe(req) || isMarked(AllowReadOnlyImpersonation, this.reflector, context);
    if (!impersonator.mayWrite && !isFree) throw new ImpersonationRefusal('read_only');
    return true;
  }
}

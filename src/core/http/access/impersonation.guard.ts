import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { currentScope } from '../../context/request-context.js';
import { isEvenReadOnly, isNotOnBehalf } from './access.js';
import { OnBehalfRefusal } from '../../errors/on-behalf-refusal.js';
import { isSafe } from '../pipeline/safe-method.js';

/**
 * What staff may do on somebody's behalf: never what is that person's alone, and nothing but look unless
 * they chose otherwise. No route has to remember the latter.
 */
@Injectable()
export class OnBehalfGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const actedBy = currentScope().principal?.actedBy;
    if (!actedBy) return true;
    if (isNotOnBehalf(this.reflector, context)) throw new OnBehalfRefusal('out_of_reach');
    const req = context.switchToHttp().getRequest<Request>();
    const isFree = isSafe(req) || isEvenReadOnly(this.reflector, context);
    if (!actedBy.mayWrite && !isFree) throw new OnBehalfRefusal('read_only');
    return true;
  }
}

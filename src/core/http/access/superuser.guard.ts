import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { currentContext } from '../../context/request-context.js';
import { DomainError } from '../../errors/domain-error.js';
import { accessOf, ForAllStaff, isMarked } from './access.js';
import { isSafe } from '../pipeline/safe-method.js';

/**
 * Refuses unsafe methods on routes for staff to everybody but superusers, without a declaration at the route; only
 * routes that are marked with `ForAllStaff` are for all of them.
 */
@Injectable()
export class SuperuserGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (accessOf(this.reflector, context) !== 'staff') return true;
    if (isMarked(ForAllStaff, this.reflector, context)) return true;
    const req = context.switchToHttp().getRequest<Request>();
    if (isSafe(req) || currentContext().principal?.isSuperuser) return true;
    throw new DomainError('forbidden', 'back-office.errors.read_only');
  }
}

import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { currentScope } from '../core/context/request-context.js';
import { DomainError } from '../core/errors/domain-error.js';
import { accessOf } from '../core/http/access.js';

/** Pages of admins are for active admins of the organisation in the scope. Runs after the gate. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (accessOf(this.reflector, context) !== 'admin') return true;
    const { principal } = currentScope();
    if (principal?.role !== 'admin' || !principal.profileActive) {
      throw new DomainError('forbidden', 'errors.admins_only');
    }
    return true;
  }
}

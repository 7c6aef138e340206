import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { actsAsAdmin } from '../core/context/principal.js';
import { currentActor } from '../core/context/request-context.js';
import { DomainError } from '../core/errors/domain-error.js';
import { accessOf } from '../core/http/access.js';

/** Routes of admins are for active admins of the organisation in the scope. Runs after the gate. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (accessOf(this.reflector, context) !== 'admin') return true;
    const actor = currentActor();
    if (!actor || !actsAsAdmin(actor)) {
      throw new DomainError('forbidden', 'errors.admins_only');
    }
    return true;
  }
}

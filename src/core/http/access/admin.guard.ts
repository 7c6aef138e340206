import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { currentActor } from '../../context/request-context.js';
import { requireAdmin } from './require-admin.js';
import { DomainError } from '../../errors/domain-error.js';
import { accessOf } from './access.js';

/** Routes of admins are for active admins of the organisation in the scope. Runs after the gate. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (accessOf(this.reflector, context) !== 'admin') return true;
    const actor = currentActor();
    if (!actor) throw new DomainError('forbidden', 'errors.admins_only');
    requireAdmin(actor);
    return true;
  }
}

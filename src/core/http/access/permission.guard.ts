import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { currentActor } from '../../context/request-context.js';
import { DomainError } from '../../errors/domain-error.js';
import { accessOf, permissionOf } from './access.js';
import { requirePermission } from './require-permission.js';

/** Checks the permission that a route declares (`@May`). Runs after the onboarding gate. */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (accessOf(this.reflector, context) !== 'permitted') return true;
    const permission = permissionOf(this.reflector, context);
    const actor = currentActor();
    if (!permission || !actor) throw new DomainError('forbidden', 'errors.admins_only');
    requirePermission(actor, permission);
    return true;
  }
}

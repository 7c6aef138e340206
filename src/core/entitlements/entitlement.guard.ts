import {
  Injectable,
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../errors/domain-error.js';
import type { EntitlementName } from '../features/names.js';
import { problem } from '../http/pipeline/operation.js';
import { Entitlements } from './entitlements.js';

const DeclaredEntitlement = Reflector.createDecorator<EntitlementName>();

/** The route, or every route of the controller, is for organisations that bought it. The API's document says so. */
export const Entitled = (entitlement: EntitlementName) =>
  applyDecorators(DeclaredEntitlement(entitlement), problem(402));

/** Holds a route to the entitlement it names. Runs after the permission was asked. */
@Injectable()
export class EntitlementGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly entitlements: Entitlements,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    const needed = this.reflector.getAllAndOverride(DeclaredEntitlement, places);
    if (!needed || this.entitlements.has(needed)) return true;
    throw new DomainError('subscription_required', 'errors.not_in_plan');
  }
}

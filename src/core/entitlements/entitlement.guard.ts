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

/** What the route or its controller is sold with; undefined where it is not. */
export function entitlementOf(
  reflector: Reflector,
  context: ExecutionContext,
): EntitlementName | undefined {
  const places = [context.getHandler(), context.getClass()];
  return reflector.getAllAndOverride<EntitlementName, EntitlementName | undefined>(
    DeclaredEntitlement,
    places,
  );
}

/** Holds a route to the entitlement it names. Runs after the permission was asked. */
@Injectable()
export class EntitlementGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly entitlements: Entitlements,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const needed = entitlementOf(this.reflector, context);
    if (!needed || this.entitlements.has(needed)) return true;
    throw new DomainError('subscription_required', 'errors.not_in_plan');
  }
}

import { Injectable, RequestMethod, type ExecutionContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { currentContext } from '../../context/request-context.js';
import type { Principal } from '../../context/principal.js';
import { entitlementOf } from '../../entitlements/entitlement.guard.js';
import { Entitlements } from '../../entitlements/entitlements.js';
import { FeatureFlags } from '../../flags/feature-flags.js';
import { flagsOf } from '../../flags/flag.guard.js';
import { DenyImpersonation, accessOf, isMarked, permissionOf } from './access.js';
import { may } from './require-permission.js';

/**
 * Tells which pages the person of the context may open, by what their routes declare for the guards. Asked
 * behind the onboarding gate only; a path without a route is closed.
 */
@Injectable()
export class OpenPages {
  private routes?: ReadonlyMap<string, ExecutionContext>;
  private readonly scanner = new MetadataScanner();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly features: FeatureFlags,
    private readonly entitlements: Entitlements,
  ) {}

  /** @param href path of a page without parameters, perhaps with a query */
  isOpen(href: string): boolean {
    this.routes ??= new Map(this.found());
    const route = this.routes.get(pathOf(href.replace(/[?#].*/s, '')));
    const { principal } = currentContext();
    return route !== undefined && principal !== null && this.admits(principal, route);
  }

  private admits(principal: Principal, route: ExecutionContext): boolean {
    const { reflector } = this;
    if (!hasAccess(principal, reflector, route)) return false;
    if (principal.impersonator && isMarked(DenyImpersonation, reflector, route)) return false;
    const entitlement = entitlementOf(reflector, route);
    if (entitlement && !this.entitlements.has(entitlement, principal.plan)) return false;
    return flagsOf(reflector, route).every((flag) => this.features.isOn(flag));
  }

  /** Every handler of a GET, by its path. */
  private *found(): Generator<[string, ExecutionContext]> {
    for (const { metatype } of this.discovery.getControllers()) {
      if (!metatype) continue;
      const prototype = metatype.prototype as Record<string, () => unknown>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name]!;
        if (Reflect.getMetadata('method', handler) !== RequestMethod.GET) continue;
        const context = { getHandler: () => handler, getClass: () => metatype };
        for (const base of pathsOf(metatype)) {
          for (const path of pathsOf(handler)) {
            yield [pathOf(`${base}/${path}`), context as unknown as ExecutionContext];
          }
        }
      }
    }
  }
}

function hasAccess(principal: Principal, reflector: Reflector, route: ExecutionContext): boolean {
  switch (accessOf(reflector, route)) {
    case 'public':
    case 'self':
      return true;
    case 'permitted': {
      const permission = permissionOf(reflector, route);
      return permission !== undefined && may(principal, permission);
    }
    case 'staff':
      return principal.isStaff;
    default:
      return false;
  }
}

function pathsOf(declared: object): string[] {
  return [Reflect.getMetadata('path', declared) as string | string[]].flat();
}

function pathOf(path: string): string {
  return `/${path.split('/').filter(Boolean).join('/')}`;
}

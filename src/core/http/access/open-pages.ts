import { Injectable, RequestMethod, type ExecutionContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { currentContext } from '../../context/request-context.js';
import { isApiKey, type Actor, type Role } from '../../context/principal.js';
import { entitlementOf } from '../../entitlements/entitlement.guard.js';
import { Entitlements } from '../../entitlements/entitlements.js';
import type { Permission } from '../../features/names.js';
import { declared } from '../../features/registry.js';
import { FeatureFlags } from '../../flags/feature-flags.js';
import { flagsOf } from '../../flags/flag.guard.js';
import { DenyImpersonation, accessOf, isMarked, permissionOf } from './access.js';
import { may } from './require-permission.js';

/**
 * Tells which pages an actor may open, by what their routes declare for the guards: an API key as far as its scopes
 * reach. Asked behind the onboarding gate only; a path without a route is closed.
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

  /**
   * @param href path of a page without parameters, perhaps with a query
   * @param by the actor of the context
   */
  isOpen(href: string, by: Actor | null = currentContext().principal): boolean {
    const route = this.routeOf(href);
    return route !== undefined && by !== null && this.admits(by, route);
  }

  /** What a page asks for; undefined where that is no permission, or there is no such page. */
  permissionOf(href: string): Permission | undefined {
    const route = this.routeOf(href);
    return route && permissionOf(this.reflector, route);
  }

  /** Roles whose people may open a page. */
  rolesOf(href: string): readonly Role[] {
    const permission = this.permissionOf(href);
    return permission ? declared('permissions', permission).roles : [];
  }

  /** Whether the flags of a page are on for a person of the organisation in context. */
  isOnFor(href: string, userId: string): boolean {
    const route = this.routeOf(href);
    const { tenantId } = currentContext();
    const flags = route ? flagsOf(this.reflector, route) : [];
    return flags.every((flag) => this.features.isOn(flag, { userId, tenantId }));
  }

  private routeOf(href: string): ExecutionContext | undefined {
    this.routes ??= new Map(this.found());
    return this.routes.get(pathOf(href.replace(/[?#].*/s, '')));
  }

  private admits(by: Actor, route: ExecutionContext): boolean {
    const { reflector } = this;
    if (!hasAccess(by, reflector, route)) return false;
    const isActing = !isApiKey(by) && by.impersonator !== null;
    if (isActing && isMarked(DenyImpersonation, reflector, route)) return false;
    const entitlement = entitlementOf(reflector, route);
    if (entitlement && !this.entitlements.has(entitlement, by.plan)) return false;
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

function hasAccess(by: Actor, reflector: Reflector, route: ExecutionContext): boolean {
  switch (accessOf(reflector, route)) {
    case 'public':
      return true;
    case 'self':
      return !isApiKey(by);
    case 'permitted': {
      const permission = permissionOf(reflector, route);
      return permission !== undefined && may(by, permission);
    }
    case 'staff':
      return !isApiKey(by) && by.isStaff;
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

import { RequestMethod, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import { entitlementOf } from '../../src/core/entitlements/entitlement.guard.js';
import type { EntitlementName, FlagName, Permission } from '../../src/core/features/names.js';
import { flagsOf } from '../../src/core/flags/flag.guard.js';
import { installedFeatures } from '../../src/core/features/registry.js';
import { FILES } from './route-declarations.js';
import {
  AllowReadOnlyImpersonation,
  DenyImpersonation,
  ForAllStaff,
  accessOf,
  isMarked,
  permissionOf,
  type AccessLevel,
} from '../../src/core/http/access/access.js';

/** A route of the running application, as Nest's own metadata describes it. */
export interface Route {
  method: string;
  /** With its parameters: `/projects/:id/delete/`. */
  path: string;
  access: AccessLevel | undefined;
  /** What `@May` names. */
  permission: Permission | undefined;
  /** What `@RequiresFlag` names. */
  flags: FlagName[];
  /** What `@Entitled` names. */
  entitlement: EntitlementName | undefined;
  /** Closed to staff who act on somebody's behalf. */
  isOutOfReach: boolean;
  /** Changes something, and is for all staff. */
  isForAllStaff: boolean;
  /** Open to staff who act on somebody's behalf and only look, though it is no GET. */
  isEvenReadOnly: boolean;
  /** The feature it belongs to; `core` for those of the platform. */
  feature: string;
  /** Names of the form fields it reads. */
  fields: string[];
}

export function discoverRoutes(app: INestApplication): Route[] {
  const discovery = new DiscoveryService(app.get(ModulesContainer));
  const scanner = new MetadataScanner();
  const reflector = new Reflector();
  const routes = discovery.getControllers().flatMap(({ instance, metatype, host }) => {
    if (!instance || !metatype) return [];
    const controller = metatype as Type;
    const prototype = controller.prototype as Record<string, () => unknown>;
    return scanner
      .getAllMethodNames(prototype)
      .filter((name) => Reflect.hasMetadata('path', prototype[name]!))
      .flatMap((name) => {
        const handler = prototype[name]!;
        const context = { getHandler: () => handler, getClass: () => controller };
        return pathsOf(controller).flatMap((base) =>
          pathsOf(handler).map((path) => ({
            method: RequestMethod[Reflect.getMetadata('method', handler) as number]!,
            path: join(base, path),
            access: accessOf(reflector, context as never),
            permission: permissionOf(reflector, context as never),
            flags: flagsOf(reflector, context as never),
            entitlement: entitlementOf(reflector, context as never),
            isOutOfReach: isMarked(DenyImpersonation, reflector, context as never),
            isForAllStaff: isMarked(ForAllStaff, reflector, context as never),
            isEvenReadOnly: isMarked(AllowReadOnlyImpersonation, reflector, context as never),
            feature: featureOf(host?.metatype),
            fields: fieldsOf(controller, name),
          })),
        );
      });
  });
  return routes.sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`));
}

function featureOf(module: unknown): string {
  return installedFeatures().find((feature) => feature.module === module)?.name ?? 'core';
}

/** Routes Express answers that no controller of Nest declares: they would escape the proof. */
export function unknownRoutes(app: INestApplication, routes: Route[]): string[] {
  const { router } = (app.getHttpAdapter().getInstance as () => { router: Router }).call(
    app.getHttpAdapter(),
  );
  const known = new Set(routes.map(({ path }) => path.replace(/\/$/, '')));
  return router.stack
    .flatMap(({ route }) => (route ? [route.path].flat() : []))
    .map((path) => path.replace(/\/$/, ''))
    .filter((path) => !known.has(path) && !isMiddleware(path) && !FILES.includes(path));
}

/** Middleware of every address is mounted like a route: `{/*splat}`, `/{*any}`. */
function isMiddleware(path: string): boolean {
  return /^[{/]*\*\w+\}?$/.test(path);
}

interface Router {
  stack: Array<{ route?: { path: string | string[] } }>;
}

function pathsOf(target: object): string[] {
  const path = Reflect.getMetadata('path', target) as string | string[];
  return [path].flat();
}

function join(...parts: string[]): string {
  const words = parts.flatMap((part) => part.split('/')).filter(Boolean);
  return words.length === 0 ? '/' : `/${words.join('/')}/`;
}

function fieldsOf(controller: Type, method: string): string[] {
  const parameters = (Reflect.getMetadata('__routeArguments__', controller, method) ??
    {}) as Record<string, { pipes?: Array<{ fields?: () => string[] }> }>;
  return Object.values(parameters)
    .flatMap(({ pipes }) => pipes ?? [])
    .flatMap(({ fields }) => fields?.() ?? []);
}

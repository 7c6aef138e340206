import { applyDecorators, type ExecutionContext } from '@nestjs/common';
import { Reflector, type ReflectableDecorator } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from '../../features/names.js';

/**
 * Who may call a route. Every handler declares it (or its controller does), with `@Access` or `@May`; one
 * that does not is refused, and a test walks all routes.
 * - `probe`: anyone, and nobody is looked up: no session, no database for it
 * - `public`: anyone; a visitor who is signed in is recognised
 * - `anonymous`: people who are not signed in; others go to the dashboard
 * - `self`: any signed-in person, about their own account only
 * - `permitted`: people of an organisation, and API keys, that have the permission `@May` names
 * - `staff`: the operator's own people; for others the route does not exist
 */
export type AccessLevel = 'probe' | 'public' | 'anonymous' | 'self' | 'permitted' | 'staff';

interface Declaration {
  level: AccessLevel;
  /** Of the level `permitted`. */
  permission?: Permission;
}

const Declared = Reflector.createDecorator<Declaration>();

export const Access = (level: Exclude<AccessLevel, 'permitted'>) => Declared({ level });

/**
 * For people of an organisation whose role has the permission, and for API keys with the scope of that name
 * (`permissions` of a feature).
 */
export const May = (permission: Permission) =>
  applyDecorators(
    Declared({ level: 'permitted', permission }),
    ApiExtension(PERMISSION_EXTENSION, permission),
  );

/** Property of an operation in the API's document: the permission that a person's role has to have. */
export const PERMISSION_EXTENSION = 'x-permission';

/** The access that the route or its controller declares. */
export function accessOf(reflector: Reflector, context: ExecutionContext): AccessLevel | undefined {
  return declarationOf(reflector, context)?.level;
}

/** The permission that the route or its controller declares; undefined where its access is another. */
export function permissionOf(
  reflector: Reflector,
  context: ExecutionContext,
): Permission | undefined {
  return declarationOf(reflector, context)?.permission;
}

/** What a route or its controller declares by being marked. */
type Mark = ReflectableDecorator<void, true>;

/** Declares such a mark. */
export const mark = (): Mark => Reflector.createDecorator<void, true>({ transform: () => true });

/** Exempts the route from the onboarding gate. */
export const GateExempt = mark();

/**
 * Refused during impersonation, even with write access: what is the person's alone, or exports data. A test
 * names the routes that must declare it.
 */
export const DenyImpersonation = mark();

/** Allowed during read-only impersonation: changes nothing of the person's. */
export const AllowReadOnlyImpersonation = mark();

/** A change that all staff may make, not superusers alone: it is about their own work. */
export const ForAllStaff = mark();

/** Open to any API key, because it is public. Other routes without a permission refuse keys. */
export const OpenToKeys = mark();

/** Takes no CSRF token: what authorises the change is a token in the path, and no cookie is looked at. */
export const NoCsrfToken = mark();

/** Whether the route or its controller has the mark. */
export function isMarked(declared: Mark, reflector: Reflector, context: ExecutionContext): boolean {
  return reflector.getAllAndOverride<void, true | undefined>(declared, placesOf(context)) ?? false;
}

function declarationOf(reflector: Reflector, context: ExecutionContext): Declaration | undefined {
  return reflector.getAllAndOverride(Declared, placesOf(context));
}

function placesOf(context: ExecutionContext) {
  return [context.getHandler(), context.getClass()];
}

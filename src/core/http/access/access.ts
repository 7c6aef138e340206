import { applyDecorators, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
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

const ACCESS = 'atrium:access';
export const Access = (level: Exclude<AccessLevel, 'permitted'>) => SetMetadata(ACCESS, level);

/**
 * For people of an organisation whose role has the permission, and for API keys with the scope of that name
 * (`permissions` of a feature).
 */
const PERMISSION = 'atrium:permission';
export const May = (permission: Permission) =>
  applyDecorators(SetMetadata(ACCESS, 'permitted'), SetMetadata(PERMISSION, permission));

/** The permission the route, or else its controller, names; none where its access is another. */
export function permissionOf(
  reflector: Reflector,
  context: ExecutionContext,
): Permission | undefined {
  if (accessOf(reflector, context) !== 'permitted') return undefined;
  return reflector.getAllAndOverride<Permission | undefined>(PERMISSION, placesOf(context));
}

/** The onboarding gate leaves this route alone. */
const GATE_EXEMPT = 'atrium:gate-exempt';
export const GateExempt = () => SetMetadata(GATE_EXEMPT, true);

/**
 * Out of reach for staff who act on somebody's behalf, whether they may change things or not: what is that
 * person's alone, or takes data away. A test names the addresses that have to declare it.
 */
const NOT_ON_BEHALF = 'atrium:not-on-behalf';
export const DenyImpersonation = () => SetMetadata(NOT_ON_BEHALF, true);

/** Changes nothing of the person's: open also to staff who act on their behalf and only look. */
const EVEN_READ_ONLY = 'atrium:even-read-only';
export const AllowReadOnlyImpersonation = () => SetMetadata(EVEN_READ_ONLY, true);

/** What anybody may ask, any API key may. Any other route without a permission is for people: it refuses keys. */
const OPEN_TO_KEYS = 'atrium:open-to-keys';
export const OpenToKeys = () => SetMetadata(OPEN_TO_KEYS, true);

export function isOpenToKeys(reflector: Reflector, context: ExecutionContext): boolean {
  return reflector.getAllAndOverride<boolean | undefined>(OPEN_TO_KEYS, placesOf(context)) ?? false;
}

/** What the route, or else its controller, declares. */
export function accessOf(reflector: Reflector, context: ExecutionContext): AccessLevel | undefined {
  return reflector.getAllAndOverride<AccessLevel | undefined>(ACCESS, placesOf(context));
}

export function isGateExempt(reflector: Reflector, context: ExecutionContext): boolean {
  return reflector.getAllAndOverride<boolean | undefined>(GATE_EXEMPT, placesOf(context)) ?? false;
}

export function deniesImpersonation(reflector: Reflector, context: ExecutionContext): boolean {
  return (
    reflector.getAllAndOverride<boolean | undefined>(NOT_ON_BEHALF, placesOf(context)) ?? false
  );
}

export function allowsReadOnlyImpersonation(
  reflector: Reflector,
  context: ExecutionContext,
): boolean {
  return (
    reflector.getAllAndOverride<boolean | undefined>(EVEN_READ_ONLY, placesOf(context)) ?? false
  );
}

function placesOf(context: ExecutionContext) {
  return [context.getHandler(), context.getClass()];
}

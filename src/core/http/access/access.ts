import { SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Permission } from '../../features/names.js';

/**
 * Who may call a route. Every handler declares it (or its controller does); one that does not is
 * refused, and a test walks all routes.
 * - `probe`: anyone, and nobody is looked up: no session, no database for it
 * - `public`: anyone; a visitor who is signed in is recognised
 * - `anonymous`: people who are not signed in; others go to the dashboard
 * - `signed_in`: any signed-in person who is past the onboarding gate
 * - `admin`: admins of the organisation
 * - `staff`: the operator's own people; for others the route does not exist
 */
export type AccessLevel = 'probe' | 'public' | 'anonymous' | 'signed_in' | 'admin' | 'staff';

const ACCESS = 'atrium:access';
export const Access = (level: AccessLevel) => SetMetadata(ACCESS, level);

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

/**
 * What the key of a machine must be allowed for this route of the API; `public`: what anybody may ask,
 * any key may. A route that declares none is for people: it refuses keys.
 */
const SCOPE = 'atrium:scope';
export const RequiresScope = (scope: Permission | 'public') => SetMetadata(SCOPE, scope);

export function requiredScopeOf(
  reflector: Reflector,
  context: ExecutionContext,
): Permission | 'public' | undefined {
  return reflector.getAllAndOverride<Permission | 'public' | undefined>(SCOPE, placesOf(context));
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

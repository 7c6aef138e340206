import { applyDecorators, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';

/** How a route asks for a recent proof of who somebody is. */
export interface StepUpDeclaration {
  /** The form asks for the current password, which is enough where it is the person's strongest factor. */
  asksPassword?: true;
  /** What staff may not do on somebody's behalf is refused by the use case. */
  refusesOnBehalf?: true;
  /** Of a route that does several things: whether this one is sensitive. */
  forBody?: (body: Readonly<Record<string, unknown>>) => boolean;
}

/** Property of an operation in the API's document: `always`, or `sometimes`, by what is sent. */
export const STEP_UP_EXTENSION = 'x-step-up';

const DeclaredStepUp = Reflector.createDecorator<StepUpDeclaration | false>();

/**
 * Sensitive (ASVS 7.5.1): whoever proved who they are more than ten minutes ago does so again, with the
 * strongest factor they have. API keys are machines and confirm nothing. Staff who act on somebody's behalf
 * cannot confirm for them: such a route is `@DenyImpersonation()`, or refuses the sensitive part itself. The API's
 * document says so.
 */
export const StepUp = (how: StepUpDeclaration = {}) =>
  applyDecorators(
    DeclaredStepUp(how),
    ApiExtension(STEP_UP_EXTENSION, how.forBody ? 'sometimes' : 'always'),
  );

/**
 * Not sensitive: asks for no recent proof, and staff who act on somebody's behalf may do it, unless it declares
 * `@DenyImpersonation()`. A test refuses a route that changes something and declares neither.
 */
export const NotSensitive = () =>
  applyDecorators(DeclaredStepUp(false), ApiExtension(STEP_UP_EXTENSION, 'never'));

/** What the route or its controller declares; false: not sensitive; undefined: nobody decided. */
export function stepUpOf(
  reflector: Reflector,
  context: ExecutionContext,
): StepUpDeclaration | false | undefined {
  return reflector.getAllAndOverride(DeclaredStepUp, [context.getHandler(), context.getClass()]);
}

import {
  Injectable,
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../errors/domain-error.js';
import { problem } from '../http/pipeline/operation.js';
import { FeatureFlags } from './feature-flags.js';
import type { FlagName } from '../features/names.js';

// Any name: there may be no flag at all.
const RequiredFlag = Reflector.createDecorator<string>();

/**
 * The route, or every route of the controller, answers 404 where the flag is off. The API's document lists
 * the 404.
 */
export const RequiresFlag = (flag: FlagName) => applyDecorators(RequiredFlag(flag), problem(404));

/** The flags that the route and its controller require. */
export function flagsOf(reflector: Reflector, context: ExecutionContext): FlagName[] {
  const places = [context.getHandler(), context.getClass()];
  const needed: Array<string | undefined> = reflector.getAll(RequiredFlag, places);
  return needed.filter((flag) => !!flag) as FlagName[];
}

/** Runs after onboarding, since the organisation is unknown before. */
@Injectable()
export class FlagGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly features: FeatureFlags,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const needed = flagsOf(this.reflector, context);
    if (needed.every((flag) => this.features.isOn(flag))) return true;
    throw new DomainError('not_found', 'errors.not_found');
  }
}

import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AppConfig } from '../core/config/config.js';
import { currentContext } from '../core/context/request-context.js';
import { GateExempt, accessOf, isMarked } from '../core/http/access/access.js';
import { isApi } from '../core/http/api/api-path.js';
import { ApiRefusal } from '../core/http/api/api-refusal.js';
import { Redirect } from '../core/http/pipeline/answers.js';
import { nextOnboardingStep } from '../core/http/access/onboarding-steps.js';
import { returnPath } from '../core/http/security/return-path.js';
import { withNext } from '../core/http/security/safe-path.js';

const GATED = new Set(['self', 'permitted', 'staff']);

/**
 * Redirects people who have not completed onboarding to their next step, with the requested page as `next`.
 */
@Injectable()
export class OnboardingGate implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: AppConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { principal } = currentContext();
    const access = accessOf(this.reflector, context);
    if (!principal || !access || !GATED.has(access)) return true;
    const req = context.switchToHttp().getRequest<Request>();
    if (isMarked(GateExempt, this.reflector, context) || this.isLeftAlone(req.path)) return true;

    const step = nextOnboardingStep(principal, this.config, access === 'staff');
    if (!step) return true;
    if (isApi(req)) throw ApiRefusal.notOnboarded(step, this.config.appUrl);
    const next = step.name === 'revoked' ? null : returnPath(req);
    throw new Redirect(withNext(step.path, next), 302);
  }

  private isLeftAlone(path: string): boolean {
    return this.config.GATE_EXEMPT_PREFIXES.some((prefix) => path.startsWith(prefix));
  }
}

import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { AppConfig } from '../../config/config.js';
import type { Principal } from '../../context/principal.js';
import { currentContext } from '../../context/request-context.js';
import { isApi } from '../api/api-path.js';
import { ApiRefusal } from '../api/api-refusal.js';
import { Drafts } from '../forms/drafts.js';
import { Form } from '../forms/form.js';
import { proofForms } from '../forms/proof-forms.js';
import { Page, Redirect, page } from '../pipeline/answers.js';
import { isSafe } from '../pipeline/safe-method.js';
import { returnPath } from '../security/return-path.js';
import { withNext } from '../security/safe-path.js';
import { SignInRequired } from './sign-in-required.js';
import { stepUpOf } from './step-up.js';

export const STEP_UP_PATH = '/confirm/';

/**
 * Guard of `@StepUp()` (ASVS 7.5.1): whoever proved who they are more than ten minutes ago does so again, and
 * goes on with what they typed. Runs after the CSRF guard, so that a forged form asks nobody for a password.
 */
@Injectable()
export class StepUpGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly drafts: Drafts,
    private readonly config: AppConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const declared = stepUpOf(this.reflector, context);
    const { principal } = currentContext();
    if (!declared || !principal || principal.impersonator) return true;
    if (principal.isRecentlyAuthenticated) return true;
    // The form asks for the password itself, which is the strongest factor of this person.
    if (declared.asksPassword && principal.secondFactors.length === 0) return true;
    const req = context.switchToHttp().getRequest<Request>();
    const body = (req.body ?? {}) as Readonly<Record<string, unknown>>;
    if (declared.forBody && !declared.forBody(body)) return true;
    if (isApi(req)) throw ApiRefusal.stepUpRequired(principal.secondFactors, this.config.appUrl);
    const next = returnPath(req);
    if (isSafe(req)) throw new Redirect(withNext(STEP_UP_PATH, next), 302);
    const form = Form.blank({ next, draft: this.drafts.pack(req) });
    const asked = stepUpPage(principal, form);
    throw new SignInRequired(new Page(asked.view, asked.model, { ...asked.options, status: 403 }));
  }
}

/** The page that asks for the strongest factor the person has. */
export function stepUpPage({ secondFactors, email }: Principal, form: Form<object>): Page {
  const model = { ...proofForms(secondFactors, form), hasFactor: secondFactors.length > 0, email };
  return page('users/step-up', model, { section: 'profile' });
}

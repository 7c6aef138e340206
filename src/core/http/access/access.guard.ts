import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { AppConfig } from '../../config/config.js';
import type { ApiKeyPrincipal } from '../../context/principal.js';
import { currentContext } from '../../context/request-context.js';
import { isUnavailable } from '../../database/database-errors.js';
import { HiddenRefusal } from '../../errors/domain-error.js';
import { apiScopes } from '../../features/registry.js';
import { OpenToKeys, accessOf, isMarked, permissionOf } from './access.js';
import { isApi } from '../api/api-path.js';
import { ApiRefusal } from '../api/api-refusal.js';
import { Redirect, page } from '../pipeline/answers.js';
import { Csrf } from '../security/csrf.js';
import { Drafts } from '../forms/drafts.js';
import { Form } from '../forms/form.js';
import { isMultipart, receiveTextFields } from '../uploads/multipart-form.js';
import { returnPath } from '../security/return-path.js';
import { isSafe } from '../pipeline/safe-method.js';
import { withNext } from '../security/safe-path.js';
import { SignInRequired } from './sign-in-required.js';
import { uploadOf } from '../uploads/upload.js';
import { Authenticator } from './authenticator.js';

/**
 * The first guard of every route: authenticates the request and checks the access that the route declares. A
 * route without a declaration is closed.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly config: AppConfig,
    private readonly csrf: Csrf,
    private readonly drafts: Drafts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(this.reflector, context);
    if (!access) throw new Error(`${context.getClass().name} declares no access for a route`);
    if (access === 'probe') return true;

    const req = context.switchToHttp().getRequest<Request>();
    await this.authenticator.authenticate(req).catch((error: unknown) => {
      // While the database cannot say who it is, a public page is shown as to a visitor.
      if (access !== 'public' || isApi(req) || !isSafe(req) || !isUnavailable(error)) throw error;
    });
    const { principal, apiKey } = currentContext();
    if (apiKey) return this.admit(apiKey, context);
    switch (access) {
      case 'public':
        return true;
      case 'anonymous':
        if (principal) throw new Redirect(this.authenticator.homeOf(principal));
        return true;
      case 'staff':
        if (!principal?.isStaff) throw new HiddenRefusal('errors.not_found');
        return true;
      case 'self':
      case 'permitted':
        if (!principal) throw await this.notSignedIn(req, context);
        return true;
    }
  }

  /** Admits an API key to routes whose permission is among its scopes. */
  private admit({ scopes }: ApiKeyPrincipal, context: ExecutionContext): true {
    if (isMarked(OpenToKeys, this.reflector, context)) return true;
    const scope = permissionOf(this.reflector, context);
    if (!scope || !apiScopes().includes(scope)) throw ApiRefusal.peopleOnly(this.config.appUrl);
    if (!scopes.includes(scope)) throw ApiRefusal.insufficientScope(scope, this.config.appUrl);
    return true;
  }

  /**
   * Redirects a person to the login page, with what was typed when a form was sent; a client of the API gets
   * a 401.
   */
  private async notSignedIn(req: Request, context: ExecutionContext): Promise<Error | Redirect> {
    if (isApi(req)) return ApiRefusal.notSignedIn(this.authenticator.credentialOf(req));
    const next = returnPath(req);
    const toLogin = new Redirect(withNext('/login/', next), 302);
    if (isSafe(req) || this.csrf.comesFromElsewhere(req)) return toLogin;
    await this.readTextFields(req, context);
    if (!this.csrf.isFromHere(req)) return toLogin;
    const form = Form.blank({ next, draft: this.drafts.pack(req) });
    const model = { form, notSaved: true, wasActing: false };
    return new SignInRequired(page('users/login', model, { status: 403 }));
  }

  /**
   * Reads the text fields of a form with a file, since the guard that reads it is not reached. Unreadable
   * forms are not kept.
   */
  private async readTextFields(req: Request, context: ExecutionContext): Promise<void> {
    const field = uploadOf(this.reflector, context)?.field;
    if (field === undefined || !isMultipart(req)) return;
    const res = context.switchToHttp().getResponse<Response>();
    await receiveTextFields(req, res, field).catch(() => (req.body = undefined));
  }
}

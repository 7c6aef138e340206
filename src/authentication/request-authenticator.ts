import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { isApi } from '../core/http/api/api-path.js';
import type { Principal } from '../core/context/principal.js';
import { Authenticator, type CredentialKind } from '../core/http/access/authenticator.js';
import { apiKeyIn } from '../api-keys/api-key-secret.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import { homeOf } from '../users/sign-in/home-of.js';
import { ApiAuthenticator } from './api-authenticator.js';
import { BrowserAuthenticator } from './browser-authenticator.js';

/**
 * Chooses the authenticator by path: cookies for pages, bearer tokens for the API. Neither reads the other's
 * credentials.
 */
@Injectable()
export class RequestAuthenticator extends Authenticator {
  constructor(
    private readonly browsers: BrowserAuthenticator,
    private readonly clients: ApiAuthenticator,
    private readonly sessions: SessionsService,
  ) {
    super();
  }

  authenticate(req: Request): Promise<void> {
    return (isApi(req) ? this.clients : this.browsers).authenticate(req);
  }

  reread(principal: Principal): Promise<Principal | null> {
    return this.sessions.reread(principal, 'browser');
  }

  credentialOf(req: Request): CredentialKind {
    const shown = req.get('authorization');
    if (shown === undefined) return 'nothing';
    return apiKeyIn(shown) === null ? 'token' : 'key';
  }

  homeOf(principal: Principal): string {
    return homeOf(principal);
  }
}

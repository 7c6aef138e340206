import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { isApi } from '../core/http/api/api-path.js';
import type { Principal } from '../core/context/principal.js';
import { Visitor, type CredentialKind } from '../core/http/access/authenticator.js';
import { apiKeyIn } from '../api-keys/api-key-secret.js';
import { homeOf } from '../users/sign-in/home-of.js';
import { ApiVisitor } from './api-authenticator.js';
import { BrowserVisitor } from './browser-authenticator.js';

/** Pages know people by a cookie, the API by a bearer token; neither ever looks at the other's. */
@Injectable()
export class VisitorByPath extends Visitor {
  constructor(
    private readonly browsers: BrowserVisitor,
    private readonly clients: ApiVisitor,
  ) {
    super();
  }

  recognise(req: Request): Promise<void> {
    return (isApi(req) ? this.clients : this.browsers).recognise(req);
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

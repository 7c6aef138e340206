import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { isApi } from '../core/http/api/api-path.js';
import { Visitor } from '../core/http/access/authenticator.js';
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
}

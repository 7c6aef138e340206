import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { isApi } from '../core/http/api-path.js';
import { Visitor } from '../core/http/visitor.js';
import { ApiVisitor } from './api-visitor.js';
import { BrowserVisitor } from './browser-visitor.js';

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

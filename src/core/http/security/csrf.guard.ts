import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { isApi } from '../api/api-path.js';
import { Csrf } from './csrf.js';
import { isSafe } from '../pipeline/safe-method.js';

/** The form did not come from a page of ours, or from one that is too old (419). */
export class ForgedRequest extends Error {}

/** Every unsafe page request carries a token. API requests carry a bearer and never a cookie. */
@Injectable()
export class CsrfGuard implements CanActivate {
  constructor(private readonly csrf: Csrf) {}

  canActivate(context: ExecutionContext): boolean {
    const req = context.switchToHttp().getRequest<Request>();
    if (isSafe(req) || isApi(req)) return true;
    if (this.csrf.isForged(req)) throw new ForgedRequest();
    return true;
  }
}

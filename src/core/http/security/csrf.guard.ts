import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { NoCsrfToken, isMarked } from '../access/access.js';
import { isApi } from '../api/api-path.js';
import { Csrf } from './csrf.js';
import { isSafe } from '../pipeline/safe-method.js';

/** The CSRF token is missing, forged or expired (419). */
export class ForgedRequest extends Error {}

/** Checks the CSRF token of unsafe page requests. API requests carry a bearer token and no cookie. */
@Injectable()
export class CsrfGuard implements CanActivate {
  constructor(
    private readonly csrf: Csrf,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const req = context.switchToHttp().getRequest<Request>();
    if (isSafe(req) || isApi(req)) return true;
    if (isMarked(NoCsrfToken, this.reflector, context)) return true;
    if (this.csrf.isForged(req)) throw new ForgedRequest();
    return true;
  }
}

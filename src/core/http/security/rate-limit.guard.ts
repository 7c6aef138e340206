import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { RateLimiter } from './rate-limiter.js';
import type { RateLimitName } from '../../features/names.js';

const DeclaredLimit = Reflector.createDecorator<RateLimitName>();

/** Limits how often the route may be called (429 with `Retry-After`, RFC 6585 §4). */
export const RateLimit = (name: RateLimitName) => DeclaredLimit(name);

/** Counts an attempt before the handler runs. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limiter: RateLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const name: RateLimitName | undefined = this.reflector.get(DeclaredLimit, context.getHandler());
    if (name) await this.limiter.spend(name, context.switchToHttp().getRequest<Request>());
    return true;
  }
}

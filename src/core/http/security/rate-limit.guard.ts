import {
  Injectable,
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { Request } from 'express';
import { RateLimiter } from './rate-limiter.js';
import type { RateLimitName } from '../../features/names.js';
import { RATE_LIMIT_EXTENSION } from './rate-limits.js';

const DeclaredLimit = Reflector.createDecorator<RateLimitName>();

/**
 * Limits how often the route may be called (429 with `Retry-After`, RFC 6585 §4). The API's document says
 * `x-rate-limit`, with the numbers.
 */
export const RateLimit = (name: RateLimitName) =>
  applyDecorators(DeclaredLimit(name), ApiExtension(RATE_LIMIT_EXTENSION, name));

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

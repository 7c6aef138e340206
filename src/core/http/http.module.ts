import { Global, Module } from '@nestjs/common';
import { IdempotencyInterceptor } from './idempotency.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { AppLogger } from './app-logger.js';
import { Cookies } from './cookies.js';
import { Csrf } from './csrf.js';
import { Drafts } from './drafts.js';
import { Flashes } from './flash.js';
import { GracefulStop } from './graceful-stop.js';
import { KnownDevices } from './known-devices.js';
import { PageRenderer } from './page-renderer.js';
import { RateLimiter } from './rate-limiter.js';
import { RateLimitRepository } from './rate-limit.repository.js';
import { SessionCookie } from './session-cookie.js';
import { ShellBuilder } from './shell-builder.js';

@Global()
@Module({
  providers: [
    AppLogger,
    Cookies,
    Csrf,
    Drafts,
    Flashes,
    IdempotencyInterceptor,
    IdempotencyRepository,
    GracefulStop,
    KnownDevices,
    PageRenderer,
    RateLimitRepository,
    RateLimiter,
    SessionCookie,
    ShellBuilder,
  ],
  exports: [
    Cookies,
    Csrf,
    Drafts,
    Flashes,
    IdempotencyInterceptor,
    IdempotencyRepository,
    GracefulStop,
    KnownDevices,
    PageRenderer,
    RateLimitRepository,
    RateLimiter,
    SessionCookie,
  ],
})
export class HttpModule {}

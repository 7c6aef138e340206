import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { OpenPages } from './access/open-pages.js';
import { ApiDocument } from './api/api-document.js';
import { ApiDocumentController } from './api/api-document.controller.js';
import { IdempotencyInterceptor } from './api/idempotency.js';
import { IdempotencyRepository } from './api/idempotency.repository.js';
import { AppLogger } from './pipeline/app-logger.js';
import { ChildLists } from './pages/child-lists.js';
import { Cookies } from './security/cookies.js';
import { Csrf } from './security/csrf.js';
import { Drafts } from './forms/drafts.js';
import { Flashes } from './forms/flash.js';
import { GracefulStop } from './pipeline/graceful-stop.js';
import { KnownDevices } from './security/known-devices.js';
import { PageRenderer } from './pages/page-renderer.js';
import { PublicPages } from './pages/public-pages.js';
import { RateLimiter } from './security/rate-limiter.js';
import { RateLimitRepository } from './security/rate-limit.repository.js';
import { SessionCookie } from './security/session-cookie.js';
import { SampleDataState } from './pages/sample-data-state.js';
import { ShellBuilder } from './pages/shell-builder.js';
import { SubjectCards } from './pages/subject-cards.js';
import { SubjectDocument } from './pages/subject-document.js';
import { Subjects } from './pages/subjects.js';
import { MediaController } from './uploads/media.controller.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [ApiDocumentController, MediaController],
  providers: [
    ApiDocument,
    AppLogger,
    ChildLists,
    Cookies,
    Csrf,
    Drafts,
    Flashes,
    IdempotencyInterceptor,
    IdempotencyRepository,
    GracefulStop,
    KnownDevices,
    OpenPages,
    PageRenderer,
    PublicPages,
    RateLimitRepository,
    RateLimiter,
    SessionCookie,
    SampleDataState,
    ShellBuilder,
    SubjectCards,
    SubjectDocument,
    Subjects,
  ],
  exports: [
    ApiDocument,
    ChildLists,
    Cookies,
    Csrf,
    Drafts,
    Flashes,
    IdempotencyInterceptor,
    IdempotencyRepository,
    GracefulStop,
    KnownDevices,
    OpenPages,
    SampleDataState,
    PageRenderer,
    PublicPages,
    RateLimitRepository,
    RateLimiter,
    SessionCookie,
    SubjectCards,
    SubjectDocument,
    Subjects,
  ],
})
export class HttpModule {}

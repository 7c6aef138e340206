import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../core/config/config.js';
import { actAs, setLocale } from '../core/context/request-context.js';
import { acceptedLocale } from '../core/http/pipeline/accepted-locale.js';
import { requestedLocale } from '../core/http/pages/public-pages.js';
import { Cookies } from '../core/http/security/cookies.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { localeFromCode, offeredLocales, type Locale } from '../core/i18n/locales.js';
import type { Principal } from '../core/context/principal.js';
import { SessionsService } from '../users/sessions/sessions.service.js';

/**
 * Authenticates page requests by session cookie and finds the language by the address of a public page, cookie,
 * profile or browser.
 */
@Injectable()
export class BrowserAuthenticator {
  private readonly offered: readonly Locale[];
  private readonly seen = new WeakSet<Request>();

  constructor(
    private readonly sessions: SessionsService,
    private readonly cookies: Cookies,
    private readonly sessionCookie: SessionCookie,
    config: AppConfig,
  ) {
    this.offered = offeredLocales(config);
  }

  async authenticate(req: Request): Promise<void> {
    if (this.seen.has(req)) return;
    this.seen.add(req);
    setLocale(this.localeOf(req, null));
    const token = this.sessionCookie.read(req);
    if (token === undefined) return;
    const principal = await this.sessions.authenticate('browser', token, !isEventStream(req));
    if (!principal) {
      this.sessionCookie.forget(req);
      return;
    }
    actAs(principal);
    setLocale(this.localeOf(req, principal));
  }

  private localeOf(req: Request, principal: Principal | null): Locale {
    return (
      requestedLocale(req) ??
      localeFromCode(this.cookies.read(req, 'lang'), this.offered) ??
      principal?.locale ??
      acceptedLocale(req)
    );
  }
}

/**
 * A stream of events, which an open page asks for by itself, again and again: it does not keep a session from ending
 * that nobody uses (ASVS 7.3.1).
 */
function isEventStream(req: Request): boolean {
  return req.get('accept') === 'text/event-stream';
}

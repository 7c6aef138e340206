import { Injectable } from '@nestjs/common';
import { doubleCsrf } from 'csrf-csrf';
import type { Request, Response } from 'express';
import { AppConfig } from '../../config/config.js';
import { currentContext } from '../../context/request-context.js';
import { BoundedCache } from '../../utils/bounded-cache.js';
import { Cookies } from './cookies.js';

/**
 * CSRF protection: a signed double-submit token bound to the session (csrf-csrf), after a check of Fetch
 * Metadata and Origin.
 */
@Injectable()
export class Csrf {
  private readonly tokens: ReturnType<typeof doubleCsrf>;
  private readonly ownHost: string;
  /** Verified tokens and their session: the library would set the cookie again with every page. */
  private readonly good = new BoundedCache<string, string>(5_000);

  constructor(
    config: AppConfig,
    private readonly cookies: Cookies,
  ) {
    this.ownHost = new URL(config.appUrl).host;
    this.tokens = doubleCsrf({
      getSecret: () => config.secret,
      getSessionIdentifier: currentSession,
      cookieName: cookies.name('csrf'),
      cookieOptions: cookies.options,
      getCsrfTokenFromRequest: tokenOf,
    });
  }

  /** The token for the forms of this response; sets its cookie when there is no valid one. */
  token(req: Request, res: Response): string {
    const [held, session] = [this.cookies.read(req, 'csrf'), currentSession()];
    if (held && this.good.get(held) === session) return held;
    const options = { overwrite: false, validateOnReuse: false };
    const token = this.tokens.generateCsrfToken(req, res, options);
    this.good.set(token, session);
    return token;
  }

  isForged(req: Request): boolean {
    return this.comesFromElsewhere(req) || !this.tokens.validateRequest(req);
  }

  /**
   * Whether the form was on a page of this site, by Fetch Metadata, Origin or else the CSRF cookie's token.
   * The token's session cannot be checked once it has ended, so this only allows showing the form again,
   * never performing it.
   */
  isFromHere(req: Request): boolean {
    if (this.comesFromElsewhere(req)) return false;
    if (req.get('sec-fetch-site') !== undefined) return req.get('sec-fetch-site') === 'same-origin';
    if (req.get('origin') !== undefined) return true;
    const held = this.cookies.read(req, 'csrf');
    return held !== undefined && tokenOf(req) === held;
  }

  /** Whether the browser reports a cross-site request. */
  comesFromElsewhere(req: Request): boolean {
    const site = req.get('sec-fetch-site');
    if (site) return site !== 'same-origin' && site !== 'none';
    const origin = req.get('origin');
    if (!origin) return false;
    const host = URL.parse(origin)?.host;
    return host !== req.get('host') && host !== this.ownHost;
  }
}

function currentSession(): string {
  return currentContext().principal?.sessionId ?? 'anonymous';
}

function tokenOf(req: Request): string | undefined {
  const body = req.body as { _csrf?: unknown } | undefined;
  const field = Array.isArray(body?._csrf) ? (body._csrf as unknown[]).at(-1) : body?._csrf;
  return typeof field === 'string' ? field : req.get('x-csrf-token');
}

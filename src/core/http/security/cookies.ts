import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { AppConfig } from '../../config/config.js';

export type CookieName =
  'session' | 'own_session' | 'pending' | 'device' | 'csrf' | 'flash' | 'lang' | 'theme';

/**
 * Names and attributes of all cookies. In production they have the `__Host-` prefix: Secure, this host only,
 * whole path (RFC 6265bis §4.1.3.2).
 */
@Injectable()
export class Cookies {
  private readonly prefix: string;

  constructor(private readonly config: AppConfig) {
    this.prefix = config.isProduction ? '__Host-atrium_' : 'atrium_';
  }

  name(cookie: CookieName): string {
    return this.prefix + cookie;
  }

  read(req: Request, cookie: CookieName): string | undefined {
    const value = (req.cookies as Record<string, unknown> | undefined)?.[this.name(cookie)];
    return typeof value === 'string' ? value : undefined;
  }

  /** `maxAge` in seconds; without one the cookie ends with the browser session. */
  write(res: Response, cookie: CookieName, value: string, maxAge?: number): void {
    res.cookie(this.name(cookie), value, {
      ...this.options,
      ...(maxAge === undefined ? {} : { maxAge: maxAge * 1000 }),
    });
  }

  clear(res: Response, cookie: CookieName): void {
    res.clearCookie(this.name(cookie), this.options);
  }

  get options(): CookieOptions {
    return { httpOnly: true, sameSite: 'lax', secure: this.config.isProduction, path: '/' };
  }
}

import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../config/config.js';
import { Cookies } from './cookies.js';

/** What a signed-in browser holds: an opaque token, and nothing else. */
@Injectable()
export class SessionCookie {
  constructor(
    private readonly cookies: Cookies,
    private readonly config: AppConfig,
  ) {}

  read(req: Request): string | undefined {
    return this.cookies.read(req, 'session');
  }

  /** A new session: its token, and no CSRF token of the visitor it was before. */
  open(res: Response, token: string): void {
    this.cookies.write(res, 'session', token, this.config.SESSION_ABSOLUTE_HOURS * 3600);
    this.cookies.clear(res, 'csrf');
  }

  /** One that opens nothing is forgotten by whoever looks at a page; a form that signs in puts its own in place. */
  forget(req: Request): void {
    if (req.method === 'GET' && req.res) this.cookies.clear(req.res, 'session');
  }

  close(res: Response): void {
    this.cookies.clear(res, 'session');
    this.cookies.clear(res, 'csrf');
  }
}

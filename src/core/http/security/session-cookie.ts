import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../../config/config.js';
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

  /** Of staff who act on somebody's behalf: the token of the session they go back to. */
  readOwn(req: Request): string | undefined {
    return this.cookies.read(req, 'own_session');
  }

  /** A new session: its token, and no CSRF token of the visitor it was before. */
  open(res: Response, token: string): void {
    this.cookies.write(res, 'session', token, this.lifetime);
    this.forgetOwn(res);
    this.cookies.clear(res, 'csrf');
  }

  /** The same session under another token; the forms of other tabs stay good. */
  renew(res: Response, token: string): void {
    this.cookies.write(res, 'session', token, this.lifetime);
  }

  /** A session of somebody else, for `minutes`; one's own is put aside. */
  openOnBehalf(res: Response, token: string, minutes: number): void {
    const own = this.read(res.req);
    if (own) this.cookies.write(res, 'own_session', own, this.lifetime);
    this.cookies.write(res, 'session', token, minutes * 60);
    this.cookies.clear(res, 'csrf');
  }

  /** One that opens nothing is forgotten by whoever looks at a page; a form that signs in puts its own in place. */
  forget(req: Request): void {
    if (req.method === 'GET' && req.res) this.cookies.clear(req.res, 'session');
  }

  close(res: Response): void {
    this.cookies.clear(res, 'session');
    this.forgetOwn(res);
    this.cookies.clear(res, 'csrf');
  }

  private forgetOwn(res: Response): void {
    if (this.readOwn(res.req)) this.cookies.clear(res, 'own_session');
  }

  /** Seconds; the database knows of each session when it really ends. */
  private get lifetime(): number {
    return this.config.SESSION_ABSOLUTE_HOURS * 3600;
  }
}

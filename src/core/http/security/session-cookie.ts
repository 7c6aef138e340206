import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AppConfig } from '../../config/config.js';
import { Cookies } from './cookies.js';

/** The session cookie of a browser: an opaque token. */
@Injectable()
export class SessionCookie {
  constructor(
    private readonly cookies: Cookies,
    private readonly config: AppConfig,
  ) {}

  read(req: Request): string | undefined {
    return this.cookies.read(req, 'session');
  }

  /** During impersonation, the token of the superuser's own session. */
  readOwn(req: Request): string | undefined {
    return this.cookies.read(req, 'own_session');
  }

  /** The token of a sign-in that waits for its second factor. */
  readPending(req: Request): string | undefined {
    return this.cookies.read(req, 'pending');
  }

  /** Binds a sign-in that waits for its second factor to this browser, for `seconds`. */
  wait(res: Response, token: string, seconds: number): void {
    this.cookies.write(res, 'pending', token, seconds);
  }

  forgetPending(res: Response): void {
    if (this.readPending(res.req)) this.cookies.clear(res, 'pending');
  }

  /** Sets the token of a new session and clears the visitor's CSRF token. */
  open(res: Response, token: string): void {
    this.cookies.write(res, 'session', token, this.lifetime);
    this.forgetOwn(res);
    this.forgetPending(res);
    this.cookies.clear(res, 'csrf');
  }

  /** Changes the token of the same session; forms in other tabs stay valid. */
  renew(res: Response, token: string): void {
    this.cookies.write(res, 'session', token, this.lifetime);
  }

  /** Starts an impersonation session of `minutes`; the superuser's own token moves to a second cookie. */
  openOnBehalf(res: Response, token: string, minutes: number): void {
    const own = this.read(res.req);
    if (own) this.cookies.write(res, 'own_session', own, this.lifetime);
    this.cookies.write(res, 'session', token, minutes * 60);
    this.cookies.clear(res, 'csrf');
  }

  /** Deletes an invalid cookie on page requests; a form that signs in replaces it. */
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

  /** Lifetime in seconds; the database decides when a session really ends. */
  private get lifetime(): number {
    return this.config.SESSION_ABSOLUTE_HOURS * 3600;
  }
}

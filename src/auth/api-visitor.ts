import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import passport from 'passport';
import type { Principal } from '../core/context/principal.js';
import { actAs, speak } from '../core/context/request-context.js';
import { Visitor } from '../core/http/visitor.js';
import { BearerStrategy, KeysUnavailable } from './bearer.strategy.js';

/** Knows clients of the API by their access token, and never by a cookie. */
@Injectable()
export class ApiVisitor extends Visitor {
  private readonly seen = new WeakSet<Request>();

  constructor(private readonly bearer: BearerStrategy) {
    super();
  }

  /** Their language is that of their profile, else the one `Accept-Language` asked for. */
  async recognise(req: Request): Promise<void> {
    if (this.seen.has(req)) return;
    this.seen.add(req);
    if (!req.get('authorization')) return;
    const principal = await this.authenticate(req);
    if (!principal) return;
    actAs(principal);
    if (principal.locale) speak(principal.locale);
  }

  private authenticate(req: Request): Promise<Principal | null> {
    return new Promise((resolve, reject) => {
      const decide = (error: Error | null, principal: unknown, info: unknown) => {
        if (info instanceof KeysUnavailable) reject(info.reason);
        else if (error) reject(error);
        else resolve((principal || null) as Principal | null);
      };
      // A strategy of this request's own: Passport writes its verdict functions onto it. Not by name:
      // names are shared by all applications of a process.
      const strategy = Object.create(this.bearer) as BearerStrategy;
      const ask = passport.authenticate(strategy, { session: false }, decide) as (
        ...args: unknown[]
      ) => void;
      ask(req, req.res, reject);
    });
  }
}

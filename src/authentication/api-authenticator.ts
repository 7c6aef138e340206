import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import passport from 'passport';
import type { Principal } from '../core/context/principal.js';
import { actAs, actAsApiKey, setLocale } from '../core/context/request-context.js';
import { Entitlements } from '../core/entitlements/entitlements.js';
import { DomainError } from '../core/errors/domain-error.js';
import { apiKeyIn } from '../api-keys/api-key-secret.js';
import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { BearerStrategy, KeysUnavailable } from './bearer.strategy.js';

/** Authenticates API requests: people by access token, machines by API key; cookies are ignored. */
@Injectable()
export class ApiAuthenticator {
  private readonly seen = new WeakSet<Request>();

  constructor(
    private readonly bearer: BearerStrategy,
    private readonly keys: ApiKeysService,
    private readonly entitlements: Entitlements,
  ) {}

  /** The language is that of the person's profile, else the one `Accept-Language` asks for. */
  async authenticate(req: Request): Promise<void> {
    if (this.seen.has(req)) return;
    this.seen.add(req);
    const shown = req.get('authorization');
    if (!shown) return;
    const key = apiKeyIn(shown);
    if (key) {
      const machine = await this.keys.authenticate(key);
      if (!machine) return;
      if (!this.entitlements.has('api_keys', machine.plan)) {
        throw new DomainError('subscription_required', 'errors.not_in_plan');
      }
      actAsApiKey(machine);
      return;
    }
    const principal = await this.verifyToken(req);
    if (!principal) return;
    actAs(principal);
    if (principal.locale) setLocale(principal.locale);
  }

  private verifyToken(req: Request): Promise<Principal | null> {
    return new Promise((resolve, reject) => {
      const decide = (error: Error | null, principal: unknown, info: unknown) => {
        if (info instanceof KeysUnavailable) reject(info.reason);
        else if (error) reject(error);
        else resolve((principal || null) as Principal | null);
      };
      // One strategy instance per request, since Passport assigns its callbacks to it; not registered by
      // name, since names are global to the process.
      const strategy = Object.create(this.bearer) as BearerStrategy;
      const ask = passport.authenticate(strategy, { session: false }, decide) as (
        ...args: unknown[]
      ) => void;
      ask(req, req.res, reject);
    });
  }
}

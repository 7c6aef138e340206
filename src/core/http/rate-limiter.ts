import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../config/config.js';
import { currentScope } from '../context/request-context.js';
import { DomainError } from '../errors/domain-error.js';
import { isApi } from './api-path.js';
import { cleanEmail } from './fields.js';
import { lastText } from './form.js';
import { RateLimitRepository, type Tally } from './rate-limit.repository.js';
import { RATE_LIMITS, type RateLimitName } from './rate-limits.js';

/** Counts tries per client address and per account, and refuses beyond the limit. */
@Injectable()
export class RateLimiter {
  private spent = 0;

  constructor(
    private readonly limits: RateLimitRepository,
    private readonly config: AppConfig,
  ) {}

  /** Counts `tries` of this request. @throws DomainError `rate_limited` */
  async spend(name: RateLimitName, req: Request, tries = 1): Promise<void> {
    const { seconds, perAddress, perAccount } = RATE_LIMITS[name];
    const keys = [`${name} address ${req.ip}`];
    const account = accountOf(req);
    if (account) keys.push(`${name} account ${account}`);

    const [address, person] = await this.limits.hit(keys, seconds, tries);
    if (isApi(req))
      this.tell(req, [
        [perAddress, address],
        [perAccount, person],
      ]);
    this.refuseBeyond(perAddress, address!);
    if (person) this.refuseBeyond(perAccount, person);
    if (++this.spent % 1_000 === 0) await this.limits.sweep();
  }

  /** The limit that is nearest, as clients may plan with (draft-ietf-httpapi-ratelimit-headers-06). */
  private tell({ res }: Request, limits: Array<[number, Tally | undefined]>): void {
    const [nearest] = limits
      .flatMap(([limit, tally]) => (tally ? [{ allowed: this.allowed(limit), ...tally }] : []))
      .sort((one, other) => one.allowed - one.hits - (other.allowed - other.hits));
    if (!nearest) return;
    const { allowed, hits, resetsIn } = nearest;
    res?.setHeader('RateLimit-Limit', String(allowed));
    res?.setHeader('RateLimit-Remaining', String(Math.max(0, allowed - hits)));
    res?.setHeader('RateLimit-Reset', String(Math.max(1, resetsIn)));
  }

  private allowed(limit: number): number {
    return Math.max(1, Math.floor(limit * this.config.RATE_LIMIT_MULTIPLIER));
  }

  private refuseBeyond(limit: number, { hits, resetsIn }: Tally): void {
    const allowed = this.allowed(limit);
    if (hits <= allowed) return;
    const retryAfter = Math.max(1, resetsIn);
    const args = { count: Math.ceil(retryAfter / 60) };
    throw new DomainError('rate_limited', 'errors.rate_limited', { retryAfter, args });
  }
}

function accountOf(req: Request): string | null {
  const { actorId } = currentScope();
  if (actorId) return actorId;
  // As the form reads it, or another spelling of the same address would be another account.
  const email = lastText((req.body as { email?: unknown } | undefined)?.email);
  return email === undefined ? null : cleanEmail(email).slice(0, 254);
}

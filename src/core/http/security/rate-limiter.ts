import { Injectable, Logger } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../../config/config.js';
import { asImpersonator, currentContext } from '../../context/request-context.js';
import { DomainError } from '../../errors/domain-error.js';
import { Sweeper } from '../../jobs/sweeper.js';
import { SecurityEvents } from '../../telemetry/security-events.js';
import { isApi } from '../api/api-path.js';
import { clientAddress } from './client-info.js';
import { canonicalEmail } from '../../utils/email-address.js';
import { lastText } from '../forms/form.js';
import type { RateLimitName } from '../../features/names.js';
import { merged } from '../../features/registry.js';
import { KnownDevices } from './known-devices.js';
import { limitedAddress } from './limited-address.js';
import { RateLimitRepository, type Tally } from './rate-limit.repository.js';
import {
  MAIL_LIMITS,
  PERSON_LIMITS,
  scaled,
  type MailLimitName,
  type PersonLimitName,
  type RateLimitPolicy,
} from './rate-limits.js';

/** Maximum number of counters (about 20 MB); slightly exceeded between two sweeps. */
export const MOST_ROWS = 100_000;
const SWEEP = 'rate limits';

/** Counts attempts per client address and account, and refuses beyond the limit. */
@Injectable()
export class RateLimiter {
  private readonly log = new Logger('RateLimiter');

  constructor(
    private readonly limits: RateLimitRepository,
    private readonly devices: KnownDevices,
    private readonly sweeper: Sweeper,
    private readonly security: SecurityEvents,
    private readonly config: AppConfig,
  ) {
    const due = { everySeconds: 60, everyAdditions: 10_000 };
    sweeper.add(SWEEP, due, () => this.sweep());
  }

  /** Counts `tries` attempts of this request. @throws DomainError `rate_limited` */
  async spend(name: RateLimitName, req: Request, tries = 1): Promise<void> {
    const policy: RateLimitPolicy = merged('rateLimits').get(name)!;
    const keys = [`${name} address ${limitedAddress(clientAddress(req))}`];
    const account = policy.perAccount === undefined ? null : this.accountOf(req);
    if (account) keys.push(`${name} account ${account}`);

    const [address, person] = await this.hit(keys, policy.seconds, tries);
    const counted = [{ limit: policy.perAddress, tally: address! }];
    if (person) counted.push({ limit: policy.perAccount!, tally: person });
    if (isApi(req)) this.tell(req, counted);
    for (const { limit, tally } of counted) this.refuseBeyond(name, limit, tally);
    if (account && policy.failuresOnly) this.forgiveSuccess(req, keys[1]!, tries);
  }

  /** Whether one more mail may be sent to `account` now; counts it. */
  async mayMail(name: MailLimitName, account: string): Promise<boolean> {
    const { seconds, perAccount } = MAIL_LIMITS[name];
    const [tally] = await this.hit([`${name} account ${canonicalEmail(account)}`], seconds, 1);
    const isAllowed = tally!.hits <= this.allowed(perAccount);
    if (!isAllowed) this.security.note('rate_limited', { limit: name });
    return isAllowed;
  }

  /** Counts an attempt of a person, before its outcome is known. @throws DomainError `rate_limited` */
  async spendFor(name: PersonLimitName, userId: string): Promise<void> {
    const { seconds, perAccount } = PERSON_LIMITS[name];
    const [tally] = await this.hit([`${name} account ${userId}`], seconds, 1);
    this.refuseBeyond(name, perAccount, tally!);
  }

  /** Subtracts the attempt that succeeded. */
  async forgiveFor(name: PersonLimitName, userId: string): Promise<void> {
    await this.limits.forgive(`${name} account ${userId}`, 1);
  }

  private async hit(keys: string[], seconds: number, tries: number): Promise<Tally[]> {
    this.sweeper.noteAdded(SWEEP, keys.length);
    const hit = () => this.limits.hit(keys, seconds, tries);
    // A counter is nothing of the person's: it counts for staff who only look, too.
    const impersonator = currentContext().principal?.impersonator;
    return impersonator ? asImpersonator(impersonator, hit) : hit();
  }

  /**
   * Attempts are counted before their outcome is known, so that concurrent ones are limited too; a successful
   * one is subtracted after the response.
   */
  private forgiveSuccess({ res }: Request, key: string, tries: number): void {
    res?.once('finish', () => {
      if (res.statusCode >= 400) return;
      this.limits.forgive(key, tries).catch((error: Error) => {
        this.log.warn(`A success stays counted as a try: ${error.message}`);
      });
    });
  }

  /** Sets the headers of the limit closest to exhaustion (draft-ietf-httpapi-ratelimit-headers-06). */
  private tell({ res }: Request, counted: Array<{ limit: number; tally: Tally }>): void {
    const [nearest] = counted
      .map(({ limit, tally }) => ({ allowed: this.allowed(limit), ...tally }))
      .sort((one, other) => one.allowed - one.hits - (other.allowed - other.hits));
    const { allowed, hits, resetsIn } = nearest!;
    res?.setHeader('RateLimit-Limit', String(allowed));
    res?.setHeader('RateLimit-Remaining', String(Math.max(0, allowed - hits)));
    res?.setHeader('RateLimit-Reset', String(Math.max(1, resetsIn)));
  }

  private allowed(limit: number): number {
    return scaled(limit, this.config.RATE_LIMIT_MULTIPLIER);
  }

  private refuseBeyond(
    name: RateLimitName | PersonLimitName,
    limit: number,
    { hits, resetsIn }: Tally,
  ): void {
    const allowed = this.allowed(limit);
    if (hits <= allowed) return;
    this.security.note('rate_limited', { limit: name });
    const retryAfter = Math.max(1, resetsIn);
    const args = { count: Math.ceil(retryAfter / 60) };
    throw new DomainError('rate_limited', 'errors.rate_limited', { retryAfter, args });
  }

  /** Known browsers are counted apart, so that strangers cannot use up their attempts. */
  private accountOf(req: Request): string | null {
    const { actorId } = currentContext();
    if (actorId) return actorId;
    // In canonical spelling, so that another spelling is not another account.
    const { email, token } = (req.body ?? {}) as { email?: unknown; token?: unknown };
    const typed = lastText(email);
    if (typed === undefined) return lastText(token)?.slice(0, 254) ?? null;
    const account = canonicalEmail(typed).slice(0, 254);
    const device = isApi(req) ? null : this.devices.idFor(req, account);
    return device ? `${account} device ${device}` : account;
  }

  private async sweep(): Promise<number> {
    return (await this.limits.removeEnded()) + (await this.limits.removeBeyond(MOST_ROWS));
  }
}

import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AppConfig } from '../core/config/config.js';
import type { Principal } from '../core/context/principal.js';
import { SessionsService } from '../users/sessions.service.js';
import { SigningKeys } from '../users/signing-keys.js';
import { CheckedTokens, type CheckedToken } from './checked-tokens.js';

/** The keys could not be asked for: there is no verdict on the token. */
export class KeysUnavailable extends Error {
  constructor(readonly reason: Error) {
    super(reason.message);
  }
}

/** Keys are prepared once; the type of passport-jwt knows only the texts they are made from. */
type KeyGiven = (error: unknown, key?: string) => void;

const tokenIn = ExtractJwt.fromAuthHeaderAsBearerToken();

/**
 * Access tokens of the API (RFC 6750). The signature is checked with one of our keys, then the session
 * it names is looked up: one that has ended, and a user who was deactivated, are nobody at once.
 */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  private readonly checked = new CheckedTokens();

  constructor(
    private readonly sessions: SessionsService,
    private readonly keys: SigningKeys,
    private readonly jwt: JwtService,
    config: AppConfig,
  ) {
    super({
      jwtFromRequest: tokenIn,
      algorithms: ['ES256'],
      issuer: config.appUrl,
      passReqToCallback: true,
      secretOrKeyProvider: (_req: Request, token: string, done: KeyGiven) => {
        keyOf(jwt, keys, token).then(
          (key) => done(null, key as unknown as string | undefined),
          (reason: Error) => done(new KeysUnavailable(reason)),
        );
      },
    });
  }

  /** The signature of a token that was checked before is good still; all else is asked again. */
  override authenticate(req: Request): void {
    const says = this.checked.find(tokenIn(req) ?? '');
    if (!says) return super.authenticate(req);
    this.recognise(says).then(
      (me) => (me ? this.success(me) : this.fail(401)),
      (error: Error) => this.error(error),
    );
  }

  async validate(
    req: Request,
    { sid, sub, exp }: Partial<CheckedToken>,
  ): Promise<Principal | false> {
    const token = tokenIn(req) ?? '';
    const kid = kidOf(this.jwt, token);
    if (typeof sid !== 'string' || !sub || !exp || !kid) return false;
    this.checked.remember(token, { sid, sub, exp, kid });
    return this.holder(sid, sub);
  }

  private async recognise({ sid, sub, kid }: CheckedToken): Promise<Principal | false> {
    return (await this.keys.publicKey(kid)) ? this.holder(sid, sub) : false;
  }

  private async holder(sid: string, sub: string): Promise<Principal | false> {
    const me = await this.sessions.recogniseById('api', sid);
    return me?.userId === sub ? me : false;
  }
}

async function keyOf(
  jwt: JwtService,
  keys: SigningKeys,
  token: string,
): Promise<KeyObject | undefined> {
  const kid = kidOf(jwt, token);
  return (kid && (await keys.publicKey(kid))) || undefined;
}

/** Which key the token says it is signed with (RFC 7515 §4.1.4). */
function kidOf(jwt: JwtService, token: string): string | null {
  const { header } =
    jwt.decode<{ header?: { kid?: unknown } } | null>(token, { complete: true }) ?? {};
  return typeof header?.kid === 'string' ? header.kid : null;
}

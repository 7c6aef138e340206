import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AppConfig } from '../core/config/config.js';
import type { Principal } from '../core/context/principal.js';
import { ACCESS_TOKEN_TYPE, apiAudience } from '../users/access-tokens/access-tokens.service.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import { SigningKeys } from '../users/access-tokens/signing-keys.js';
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
    private readonly config: AppConfig,
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
    { sid, sub, exp, aud }: Partial<CheckedToken> & { aud?: unknown },
  ): Promise<Principal | false> {
    const token = tokenIn(req) ?? '';
    const { kid, typ } = headerOf(this.jwt, token);
    if (typeof sid !== 'string' || !sub || !exp || !kid || !this.isAccess(typ, aud)) return false;
    this.checked.remember(token, { sid, sub, exp, kid });
    return this.holder(sid, sub);
  }

  /**
   * Whether a token of ours is one for the API (RFC 9068 §4). The version before said neither type nor
   * audience: its tokens, ten minutes old at most, are taken while replicas of both versions answer.
   */
  private isAccess(typ: unknown, aud: unknown): boolean {
    if (aud === undefined) return typ === 'JWT';
    return typ === ACCESS_TOKEN_TYPE && aud === apiAudience(this.config);
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
  const { kid } = headerOf(jwt, token);
  return (kid && (await keys.publicKey(kid))) || undefined;
}

/** What the token says it is, and which key it is signed with (RFC 7515 §4.1.4 and §4.1.9). */
function headerOf(jwt: JwtService, token: string): { kid: string | null; typ: unknown } {
  const { header } =
    jwt.decode<{ header?: { kid?: unknown; typ?: unknown } } | null>(token, { complete: true }) ??
    {};
  return { kid: typeof header?.kid === 'string' ? header.kid : null, typ: header?.typ };
}

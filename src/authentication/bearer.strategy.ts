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

/** The signing keys could not be read, so the token could not be verified. */
export class KeysUnavailable extends Error {
  constructor(readonly reason: Error) {
    super(reason.message);
  }
}

/** Key objects are parsed once; the type of passport-jwt allows only strings. */
type KeyGiven = (error: unknown, key?: string) => void;

const tokenIn = ExtractJwt.fromAuthHeaderAsBearerToken();

/**
 * Verifies access tokens (RFC 6750): first the signature, then the session it names. An ended session or a
 * deactivated user is refused at once.
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

  /** A signature that was verified before stays valid; time, key and session are checked again. */
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
   * Whether a token is an access token for the API (RFC 9068 §4). The previous version set neither type nor
   * audience: its tokens (at most ten minutes old) are accepted while both versions run.
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

/** The token's type and the id of its key (RFC 7515 §4.1.4 and §4.1.9). */
function headerOf(jwt: JwtService, token: string): { kid: string | null; typ: unknown } {
  const { header } =
    jwt.decode<{ header?: { kid?: unknown; typ?: unknown } } | null>(token, { complete: true }) ??
    {};
  return { kid: typeof header?.kid === 'string' ? header.kid : null, typ: header?.typ };
}

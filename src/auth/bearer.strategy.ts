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

/** The keys could not be asked for: there is no verdict on the token. */
export class KeysUnavailable extends Error {
  constructor(readonly reason: Error) {
    super(reason.message);
  }
}

/** Keys are prepared once; the type of passport-jwt knows only the texts they are made from. */
type KeyGiven = (error: unknown, key?: string) => void;

/**
 * Access tokens of the API (RFC 6750). The signature is checked with one of our keys, then the session
 * it names is looked up: one that has ended, and a user who was deactivated, are nobody at once.
 */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(
    private readonly sessions: SessionsService,
    keys: SigningKeys,
    jwt: JwtService,
    config: AppConfig,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      algorithms: ['ES256'],
      issuer: config.appUrl,
      secretOrKeyProvider: (_req: Request, token: string, done: KeyGiven) => {
        keyOf(jwt, keys, token).then(
          (key) => done(null, key as unknown as string | undefined),
          (reason: Error) => done(new KeysUnavailable(reason)),
        );
      },
    });
  }

  async validate({ sid, sub }: { sid?: unknown; sub?: unknown }): Promise<Principal | false> {
    if (typeof sid !== 'string') return false;
    const me = await this.sessions.recogniseById('api', sid);
    return me?.userId === sub ? me! : false;
  }
}

async function keyOf(
  jwt: JwtService,
  keys: SigningKeys,
  token: string,
): Promise<KeyObject | undefined> {
  const { header } =
    jwt.decode<{ header?: { kid?: unknown } } | null>(token, { complete: true }) ?? {};
  if (typeof header?.kid !== 'string') return undefined;
  return (await keys.publicKey(header.kid)) ?? undefined;
}

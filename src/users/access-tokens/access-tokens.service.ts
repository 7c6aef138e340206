import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AppConfig } from '../../core/config/config.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SigningKeys } from './signing-keys.js';

/** Seconds. */
export const ACCESS_TOKEN_LIFETIME = 600;

/** The type in the header of an access token: nothing else that is signed here passes for one (RFC 9068 §2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** What access tokens are for (`aud`, RFC 9068 §2.2): the API of this installation. */
export function apiAudience({ appUrl }: AppConfig): string {
  return `${appUrl}/api`;
}

/** What an API client holds: one token to show, and one to get the next pair with. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** Seconds the access token lives. */
  expiresIn: number;
}

/**
 * Access tokens (RFC 7519): who, in which session and organisation. They only say which session to
 * look up; whether that is still open is asked of the database with every request.
 */
@Injectable()
export class AccessTokensService {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly sessions: SessionsService,
    private readonly config: AppConfig,
  ) {}

  /** The pair for a session that was just started or continued, by its refresh token. */
  async pairFor(refreshToken: string): Promise<TokenPair> {
    const me = await this.sessions.authenticate('api', refreshToken);
    if (!me) throw spent();
    const { id: keyid, key: privateKey } = await this.keys.current();
    const claims = { sid: me.sessionId, ...(me.tenantId ? { tid: me.tenantId } : {}) };
    const accessToken = await this.jwt.signAsync(claims, {
      privateKey,
      keyid,
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: ACCESS_TOKEN_TYPE },
      subject: me.userId,
      issuer: this.config.appUrl,
      audience: apiAudience(this.config),
      expiresIn: ACCESS_TOKEN_LIFETIME,
    });
    return { accessToken, refreshToken, expiresIn: ACCESS_TOKEN_LIFETIME };
  }

  /** @throws DomainError `unauthenticated` when the token opens nothing (any more) */
  async refresh(refreshToken: string): Promise<TokenPair> {
    const next = await this.sessions.exchange(refreshToken);
    if (!next) throw spent();
    return this.pairFor(next);
  }
}

function spent(): DomainError {
  return new DomainError('unauthenticated', 'auth.errors.refresh_token_invalid');
}

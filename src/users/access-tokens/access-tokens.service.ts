import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AppConfig } from '../../core/config/config.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SigningKeys } from './signing-keys.js';

/** Seconds. */
export const ACCESS_TOKEN_LIFETIME = 600;

/** `typ` of an access token, which distinguishes it from other signed tokens (RFC 9068 §2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** Audience of access tokens (`aud`, RFC 9068 §2.2): the API of this installation. */
export function apiAudience({ appUrl }: AppConfig): string {
  return `${appUrl}/api`;
}

/** Tokens of an API client: an access token and a refresh token. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** Lifetime of the access token in seconds. */
  expiresIn: number;
}

/**
 * Issues access tokens (RFC 7519) with user, session and organisation. They only name a session, whose state
 * is read on every request (ADR 12).
 */
@Injectable()
export class AccessTokensService {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly sessions: SessionsService,
    private readonly config: AppConfig,
  ) {}

  /** Issues an access token for a session that was just started or refreshed, by its refresh token. */
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

  /**
   * Exchanges a refresh token.
   * @throws DomainError `unauthenticated` for an unknown, spent or expired token
   */
  async refresh(refreshToken: string): Promise<TokenPair> {
    const next = await this.sessions.exchange(refreshToken);
    if (!next) throw spent();
    return this.pairFor(next);
  }
}

function spent(): DomainError {
  return new DomainError('unauthenticated', 'users.errors.refresh_token_invalid');
}

import { ApiProperty } from '@nestjs/swagger';
import type { TokenPair } from './access-tokens.service.js';

/** Response of a sign-in (RFC 6749 §5.1). */
export class TokensDto {
  /** A JWT; its keys are at `/.well-known/jwks.json`. */
  @ApiProperty() access_token: string;
  @ApiProperty({ enum: ['Bearer'] }) token_type: 'Bearer';
  /** Seconds. */
  @ApiProperty({ type: 'integer', example: 600 }) expires_in: number;
  /** Single use; the response contains the next one. */
  @ApiProperty() refresh_token: string;
}

export function presentTokens({ accessToken, refreshToken, expiresIn }: TokenPair): TokensDto {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    refresh_token: refreshToken,
  };
}

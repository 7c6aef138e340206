import { ApiProperty } from '@nestjs/swagger';
import type { TokenPair } from './access-tokens.service.js';

/** Response of a sign-in (RFC 6749 §5.1). */
export class TokensDto {
  @ApiProperty({
    description: 'A JWT; its keys are at `/.well-known/jwks.json`',
    example: 'eyJhbGciOiJFUzI1NiJ9…',
  })
  access_token: string;
  @ApiProperty({ enum: ['Bearer'] }) token_type: 'Bearer';
  @ApiProperty({ description: 'Seconds', type: 'integer', example: 600 }) expires_in: number;
  @ApiProperty({
    description: 'Single use; the response contains the next one',
    example: 'q3Xb0x8Yx2uJ…',
  })
  refresh_token: string;
}

export function presentTokens({ accessToken, refreshToken, expiresIn }: TokenPair): TokensDto {
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    refresh_token: refreshToken,
  };
}

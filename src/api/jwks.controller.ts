import { Controller, Get, Header } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { Access } from '../core/http/access.js';
import { SigningKeys } from '../users/signing-keys.js';
import { Operation } from '../core/http/operation.js';

class JwkDto {
  @ApiProperty({ enum: ['EC'] }) kty: string;
  @ApiProperty({ enum: ['P-256'] }) crv: string;
  @ApiProperty() x: string;
  @ApiProperty() y: string;
  @ApiProperty({ format: 'uuid' }) kid: string;
  @ApiProperty({ enum: ['sig'] }) use: string;
  @ApiProperty({ enum: ['ES256'] }) alg: string;
}

class JwksDto {
  @ApiProperty({ type: [JwkDto] }) keys: JwkDto[];
}

/** The keys access tokens can be verified with, by whoever is shown one (RFC 7517, RFC 8615). */
@ApiTags('Authentication')
@Controller('.well-known/jwks.json')
@Access('probe')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get()
  @Operation({
    id: 'getKeys',
    summary: 'Public keys of access tokens',
    answers: [200, JwksDto],
    isTagged: true,
    scope: 'public',
  })
  @Header('Cache-Control', 'public, max-age=300')
  show(): Promise<object> {
    return this.keys.jwks();
  }
}

import { Controller, Get, Header } from '@nestjs/common';
import { Access } from '../../core/http/access/access.js';
import { Tagged } from '../../core/http/pipeline/etag.js';
import { SigningKeys } from './signing-keys.js';

/** Publishes the keys to verify access tokens with (RFC 7517, RFC 8615). */
@Controller('.well-known/jwks.json')
@Access('probe')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get()
  @Header('Cache-Control', 'public, max-age=300')
  @Tagged()
  show(): Promise<object> {
    return this.keys.jwks();
  }
}

import { Controller, Get } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { Access } from '../core/http/access/access.js';

/** https://www.w3.org/TR/passkey-endpoints/: where password managers lead to. */
@Controller('.well-known/passkey-endpoints')
@Access('probe')
export class PasskeyEndpointsController {
  constructor(private readonly config: AppConfig) {}

  @Get()
  show(): { enroll: string; manage: string } {
    const manage = `${this.config.appUrl}/profile/passkeys/`;
    return { enroll: `${manage}new/`, manage };
  }
}

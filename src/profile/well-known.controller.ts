import { Controller, Get } from '@nestjs/common';
import { Access } from '../core/http/access/access.js';
import { Redirect } from '../core/http/pipeline/answers.js';

/** Addresses by which password managers find the pages of an account (RFC 8615). */
@Controller('.well-known')
@Access('public')
export class WellKnownController {
  /** https://www.w3.org/TR/change-password-url/: who is not signed in comes back here after signing in. */
  @Get('change-password')
  changePassword(): Redirect {
    return new Redirect('/profile/security/', 302);
  }
}

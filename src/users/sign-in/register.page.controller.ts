import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { SessionFlags } from '../../core/context/principal.js';
import { Access } from '../../core/http/access/access.js';
import { page, seeOther, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { KnownDevices } from '../../core/http/security/known-devices.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { SessionCookie } from '../../core/http/security/session-cookie.js';
import { Passwords } from '../passwords/passwords.js';
import { RegistrationService } from './registration.service.js';
import { RegisterForm } from './sign-in.forms.js';

@Controller('register')
@Access('anonymous')
export class RegisterPageController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly passwords: Passwords,
    private readonly cookie: SessionCookie,
    private readonly devices: KnownDevices,
  ) {}

  @Get()
  show(form: Form<object> = Form.blank()): Page {
    return page('users/register', { form, passwordMin: this.passwords.minLength() });
  }

  @Post()
  @RateLimit('register')
  register(
    @Body(formOf(RegisterForm)) form: Form<RegisterForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.show(refused),
      async (input) => {
        const { email, password } = input;
        const registration = { email, password, hints: hintsOf(input) };
        const token = await this.registration.register(registration, clientInfo(req));
        this.cookie.open(res, token);
        this.devices.remember(res, email);
        return seeOther('/profile/complete/');
      },
    );
  }
}

function hintsOf({ tz_detect, lang_detect, country_detect }: RegisterForm): SessionFlags['hints'] {
  return {
    ...(tz_detect ? { timezone: tz_detect } : {}),
    ...(lang_detect ? { language: lang_detect } : {}),
    ...(country_detect ? { country: country_detect.toUpperCase() } : {}),
  };
}

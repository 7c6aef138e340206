import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../core/context/principal.js';
import { Access, DenyImpersonation } from '../core/http/access/access.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { formOf, submit, type Form } from '../core/http/forms/form.js';
import {
  seeOther,
  success,
  type Answer,
  type Page,
  type Redirect,
} from '../core/http/pipeline/answers.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { PasswordService } from '../users/passwords/password.service.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import { ChangePasswordForm } from './profile.forms.js';
import { ProfilePage } from './profile-page.js';

const SECURITY = '/profile/security/';

/** Section "Security" of the profile: the password, and where one is signed in. */
@Controller('profile')
@Access('self')
@NotSensitive()
export class SecurityPageController {
  constructor(
    private readonly page: ProfilePage,
    private readonly passwords: PasswordService,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
  ) {}

  @Get('security')
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.page.security(me);
  }

  /** GET on the URL of a refused form shows its page, for reloads. */
  @Get('password')
  @DenyImpersonation()
  back(): Answer {
    return seeOther(SECURITY);
  }

  @Post('password')
  @StepUp({ asksPassword: true })
  @DenyImpersonation()
  @RateLimit('reauthenticate')
  changePassword(
    @CurrentUser() me: Principal,
    @Body(formOf(ChangePasswordForm)) form: Form<ChangePasswordForm>,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page.security(me, refused),
      async ({ current_password, new_password }) => {
        const token = await this.passwords.change(me, current_password, new_password);
        if (token) this.cookie.renew(res, token);
        return seeOther(SECURITY, success('profile.flash.password_changed'));
      },
    );
  }

  @Post('sessions/revoke-others')
  @DenyImpersonation()
  async revokeOthers(@CurrentUser() me: Principal): Promise<Redirect> {
    await this.sessions.revokeOthers(me);
    return seeOther(SECURITY, success('profile.flash.sessions_revoked'));
  }

  @Post('sessions/:id/revoke')
  @DenyImpersonation()
  async revoke(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Redirect> {
    await this.sessions.revoke(idParam(id), me);
    return seeOther(SECURITY, success('profile.flash.session_revoked'));
  }
}

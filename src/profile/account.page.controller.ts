import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../core/context/principal.js';
import { Access, DenyImpersonation } from '../core/http/access/access.js';
import { seeOther, success, type Answer, type Redirect } from '../core/http/pipeline/answers.js';
import { formOf, submit, type Form } from '../core/http/forms/form.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { AccountService } from './account.service.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import { DeactivateForm } from './profile.forms.js';
import { ProfilePage } from './profile-page.js';

/** Routes of the profile page for closing the account and exporting data. */
@Controller('profile')
@Access('self')
@DenyImpersonation()
export class AccountPageController {
  constructor(
    private readonly page: ProfilePage,
    private readonly account: AccountService,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('sessions/revoke-others')
  async revokeOthers(@CurrentUser() me: Principal): Promise<Redirect> {
    await this.sessions.revokeOthers(me);
    return seeOther('/profile/', success('profile.flash.sessions_revoked'));
  }

  @Post('sessions/:id/revoke')
  async revoke(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Redirect> {
    await this.sessions.revoke(idParam(id), me);
    return seeOther('/profile/', success('profile.flash.session_revoked'));
  }

  @Post('export')
  async export(
    @CurrentUser() me: Principal,
    @Res({ passthrough: true }) res: Response,
  ): Promise<string> {
    const data = await this.account.export(me);
    res.status(200).type('application/json');
    res.setHeader('Content-Disposition', 'attachment; filename="atrium-account.json"');
    res.setHeader('Cache-Control', 'no-store');
    return JSON.stringify(data, null, 2);
  }

  @Post('deactivate')
  @RateLimit('reauthenticate')
  deactivate(
    @CurrentUser() me: Principal,
    @Body(formOf(DeactivateForm)) form: Form<DeactivateForm>,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page.show(me, { deactivateForm: refused }),
      async ({ password }) => {
        await this.account.deactivate(me, password);
        this.cookie.close(res);
        return seeOther('/', success('profile.flash.deactivated'));
      },
    );
  }
}

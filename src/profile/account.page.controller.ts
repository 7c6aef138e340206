import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../core/context/principal.js';
import { Access, DenyImpersonation } from '../core/http/access/access.js';
import { StepUp } from '../core/http/access/step-up.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { formOf, submit, type Form } from '../core/http/forms/form.js';
import { seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { AccountService } from './account.service.js';
import { DeactivateForm } from './profile.forms.js';
import { ProfilePage } from './profile-page.js';

/** Section "Data" of the profile: a copy of one's data, and closing the account. */
@Controller('profile')
@Access('self')
@DenyImpersonation()
export class AccountPageController {
  constructor(
    private readonly page: ProfilePage,
    private readonly account: AccountService,
    private readonly cookie: SessionCookie,
  ) {}

  @Get('data')
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.page.data(me);
  }

  /** GET on the URL of a refused form shows its page, for reloads. */
  @Get('deactivate')
  back(): Answer {
    return seeOther('/profile/data/');
  }

  @Post('export')
  @StepUp()
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
  @StepUp({ asksPassword: true })
  @RateLimit('reauthenticate')
  deactivate(
    @CurrentUser() me: Principal,
    @Body(formOf(DeactivateForm)) form: Form<DeactivateForm>,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page.data(me, refused),
      async ({ password }) => {
        await this.account.deactivate(me, password);
        this.cookie.close(res);
        return seeOther('/', success('profile.flash.deactivated'));
      },
    );
  }
}

import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { currentContext } from '../core/context/request-context.js';
import { Access, AllowReadOnlyImpersonation, GateExempt } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { formOf, type Form } from '../core/http/forms/form.js';
import { NextForm } from '../core/http/forms/next-form.js';
import { seeOther, type Redirect } from '../core/http/pipeline/answers.js';
import { safePath } from '../core/http/security/safe-path.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { ImpersonationService } from '../impersonation/impersonation.service.js';
import { SessionsService } from '../users/sessions/sessions.service.js';

/** Ends the session; during impersonation the superuser's own session too. */
@Controller()
@NotSensitive()
export class LogoutPageController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly impersonation: ImpersonationService,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('logout')
  @Access('self')
  @GateExempt()
  @AllowReadOnlyImpersonation()
  async logout(
    @Body(formOf(NextForm)) { input }: Form<NextForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Redirect> {
    const impersonator = currentContext().principal?.impersonator;
    if (impersonator) await this.impersonation.signOut(impersonator, this.cookie.readOwn(req));
    else await this.sessions.endCurrent();
    this.cookie.close(res);
    return seeOther(safePath(input.next, '/'));
  }
}

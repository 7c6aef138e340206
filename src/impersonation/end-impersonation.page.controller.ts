import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { currentContext } from '../core/context/request-context.js';
import { Access, AllowReadOnlyImpersonation } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { seeOther, success, type Redirect } from '../core/http/pipeline/answers.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { ImpersonationService } from './impersonation.service.js';

/** Ends impersonation; also after it has expired, without a valid session. */
@Controller('on-behalf')
@NotSensitive()
export class EndImpersonationPageController {
  constructor(
    private readonly impersonation: ImpersonationService,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('stop')
  @Access('public')
  @AllowReadOnlyImpersonation()
  async stop(@Req() req: Request, @Res({ passthrough: true }) res: Response): Promise<Redirect> {
    const { principal } = currentContext();
    if (principal && !principal.impersonator) return seeOther('/dashboard/');
    const ownToken = this.cookie.readOwn(req);
    const own = await this.impersonation.stop(principal?.impersonator ?? null, ownToken);
    if (!own || !ownToken) {
      this.cookie.close(res);
      return seeOther('/login/');
    }
    this.cookie.open(res, ownToken);
    const person = own.isStaff && principal ? `users/${principal.userId}/` : '';
    const home = own.isStaff ? `/admin/${person}` : '/dashboard/';
    return seeOther(home, success('impersonation.stopped'));
  }
}

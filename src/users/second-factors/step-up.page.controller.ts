import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../../core/context/principal.js';
import { Access, DenyImpersonation, GateExempt } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { stepUpPage } from '../../core/http/access/step-up.guard.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { seeOther, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { safePath } from '../../core/http/security/safe-path.js';
import { SessionCookie } from '../../core/http/security/session-cookie.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SignedInAnswer } from '../sign-in/signed-in-answer.js';
import type { Proofs } from './second-factors.js';
import { StepUpForm } from './second-factor.forms.js';
import { StepUpService } from './step-up.service.js';

/** Asks once more who one is, before what is sensitive, and goes on with it. */
@Controller('confirm')
@Access('self')
@GateExempt()
@DenyImpersonation()
@NotSensitive()
export class StepUpPageController {
  constructor(
    private readonly stepUp: StepUpService,
    private readonly sessions: SessionsService,
    private readonly answer: SignedInAnswer,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  show(@CurrentUser() me: Principal, @Query('next') next: unknown): Page {
    return stepUpPage(me, Form.blank({ next: safePath(next, '') }));
  }

  @Post()
  @RateLimit('second_factor')
  confirm(
    @CurrentUser() me: Principal,
    @Body(formOf(StepUpForm)) form: Form<StepUpForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => stepUpPage(me, refused),
      async (input) => {
        const token = await this.stepUp.confirm(me, input as Proofs);
        if (token) this.cookie.renew(res, token);
        const next = safePath(input.next, '/profile/');
        if (!input.draft) return seeOther(next);
        // The kept form is rendered for the session as it is now: its token, and with it that of CSRF, has changed.
        const held = token ?? this.cookie.read(req);
        const now = (await this.sessions.authenticate('browser', held)) ?? me;
        return this.answer.keptForm(now, input.draft, next) ?? seeOther(next);
      },
    );
  }
}

import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Access } from '../../core/http/access/access.js';
import { page, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { safePath } from '../../core/http/security/safe-path.js';
import { SessionCookie } from '../../core/http/security/session-cookie.js';
import { SecondFactorPage } from '../second-factors/second-factor-page.js';
import { SignInService } from './sign-in.service.js';
import { SignedInAnswer } from './signed-in-answer.js';
import { LoginForm } from './sign-in.forms.js';

@Controller()
export class LoginPageController {
  constructor(
    private readonly signIn: SignInService,
    private readonly answer: SignedInAnswer,
    private readonly secondFactor: SecondFactorPage,
    private readonly cookie: SessionCookie,
  ) {}

  @Get('login')
  @Access('anonymous')
  show(@Query('next') next: unknown, @Req() req: Request): Page {
    return this.page(req, Form.blank({ next: safePath(next, '') }));
  }

  @Post('login')
  @Access('anonymous')
  @RateLimit('sign_in')
  login(
    @Body(formOf(LoginForm)) form: Form<LoginForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page(req, refused),
      async (input) => {
        const outcome = await this.signIn.signIn(input, clientInfo(req));
        if (outcome.waiting) return this.secondFactor.ask(res, outcome.waiting, input);
        const { session } = outcome;
        return this.answer.of(res, { session, email: input.email }, input);
      },
    );
  }

  /** After an expired impersonation the page links back to the superuser's own session. */
  private page(req: Request, form: Form<object>): Page {
    const wasActing = this.cookie.readOwn(req) !== undefined;
    return page('users/login', { form, notSaved: false, wasActing });
  }
}

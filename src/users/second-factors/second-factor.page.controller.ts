import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access } from '../../core/http/access/access.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { seeOther, type Answer, type Redirect } from '../../core/http/pipeline/answers.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { safePath, withNext } from '../../core/http/security/safe-path.js';
import { SessionCookie } from '../../core/http/security/session-cookie.js';
import { SignedInAnswer } from '../sign-in/signed-in-answer.js';
import type { Proofs } from './second-factors.js';
import { SecondFactorPage } from './second-factor-page.js';
import { SecondFactorSignIn } from './second-factor-sign-in.service.js';
import { SecondFactorForm } from './second-factor.forms.js';

/** The second step of a sign-in, in the browser that began it. */
@Controller('login/second-factor')
@Access('anonymous')
export class SecondFactorPageController {
  constructor(
    private readonly secondFactor: SecondFactorSignIn,
    private readonly page: SecondFactorPage,
    private readonly answer: SignedInAnswer,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  async show(@Query('next') next: unknown, @Req() req: Request): Promise<Answer> {
    const waiting = await this.secondFactor.inspect('browser', this.cookie.readPending(req));
    const onwards = safePath(next, '');
    if (!waiting) return seeOther(withNext('/login/', onwards || null));
    return this.page.show(waiting.secondFactors, Form.blank({ next: onwards }));
  }

  @Post()
  @RateLimit('second_factor')
  async complete(
    @Body(formOf(SecondFactorForm)) form: Form<SecondFactorForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    const token = this.cookie.readPending(req);
    const waiting = await this.secondFactor.inspect('browser', token);
    if (!waiting) return this.startAgain(res, form);
    try {
      return await submit(
        form,
        (refused) => this.page.show(waiting.secondFactors, refused),
        async (input) => {
          const proofs = input as Proofs;
          const opened = await this.secondFactor.complete(
            'browser',
            token,
            proofs,
            clientInfo(req),
          );
          return this.answer.of(res, opened, input);
        },
      );
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'gone') throw error;
      return this.startAgain(res, form);
    }
  }

  /** Expired, completed elsewhere, or too many wrong codes. */
  private startAgain(res: Response, { input }: Form<SecondFactorForm>): Redirect {
    this.cookie.forgetPending(res);
    const next = safePath(input.next, '') || null;
    return seeOther(withNext('/login/', next), {
      kind: 'warning',
      key: 'users.errors.sign_in_over',
    });
  }
}

import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Access } from '../../core/http/access/access.js';
import { page, seeOther, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { Drafts } from '../../core/http/forms/drafts.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { KnownDevices } from '../../core/http/security/known-devices.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { safePath } from '../../core/http/security/safe-path.js';
import { SessionCookie } from '../../core/http/security/session-cookie.js';
import { actAs } from '../../core/context/request-context.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { LoginForm } from './sign-in.forms.js';
import { homeOf } from './home-of.js';

@Controller()
export class LoginPageController {
  constructor(
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly cookie: SessionCookie,
    private readonly devices: KnownDevices,
    private readonly drafts: Drafts,
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
        const token = await this.signIn.signIn(input, clientInfo(req));
        this.cookie.open(res, token);
        this.devices.remember(res, input.email);
        const next = safePath(input.next, '');
        const kept = await this.keptForm(input.draft, token, next || '/dashboard/');
        return kept ?? seeOther(next || (await this.homeOf(token)));
      },
    );
  }

  private async homeOf(token: string): Promise<string> {
    const me = await this.sessions.authenticate('browser', token);
    return me ? homeOf(me) : '/dashboard/';
  }

  /** The same person's input from before the session ended, to be sent again by a button. */
  private async keptForm(
    draft: string | undefined,
    token: string,
    next: string,
  ): Promise<Page | null> {
    const principal = draft ? await this.sessions.authenticate('browser', token) : null;
    const typed = principal && this.drafts.unpack(draft, principal.userId);
    if (!typed) return null;
    // Rendered for the person who has just signed in: shell, CSRF token and language.
    actAs(principal);
    return page('users/kept-form', { typed, next });
  }

  /** After an expired impersonation the page links back to the superuser's own session. */
  private page(req: Request, form: Form<object>): Page {
    const wasActing = this.cookie.readOwn(req) !== undefined;
    return page('users/login', { form, notSaved: false, wasActing });
  }
}

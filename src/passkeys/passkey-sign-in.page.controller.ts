import { Body, Controller, Get, Header, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../core/context/principal.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access, DenyImpersonation, GateExempt } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { formOf, submit, type Form } from '../core/http/forms/form.js';
import { page, seeOther, type Answer, type Redirect } from '../core/http/pipeline/answers.js';
import { clientInfo } from '../core/http/security/client-info.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { safePath, withNext } from '../core/http/security/safe-path.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { SecondFactorSignIn } from '../users/second-factors/second-factor-sign-in.service.js';
import { SignedInAnswer } from '../users/sign-in/signed-in-answer.js';
import { PasskeySignIn } from './passkey-sign-in.service.js';
import { PasskeySignInForm } from './passkeys.forms.js';
import { WebAuthn } from './webauthn.js';

/** Sign-in by passkey, and what the browser needs to ask for one. */
@Controller()
export class PasskeySignInPageController {
  constructor(
    private readonly signIn: PasskeySignIn,
    private readonly secondFactor: SecondFactorSignIn,
    private readonly webauthn: WebAuthn,
    private readonly answer: SignedInAnswer,
    private readonly cookie: SessionCookie,
  ) {}

  /** GET on the URL of a refused form, for reloads. */
  @Get('login/passkey')
  @Access('anonymous')
  back(@Query('next') next: unknown): Redirect {
    return seeOther(withNext('/login/', safePath(next, '') || null));
  }

  @Post('login/passkey')
  @Access('anonymous')
  @RateLimit('second_factor')
  login(
    @Body(formOf(PasskeySignInForm)) form: Form<PasskeySignInForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => page('users/login', { form: refused, notSaved: false, wasActing: false }),
      async ({ passkey, ...onwards }) => {
        const signedIn = await this.signIn.signIn({ proof: passkey ?? '' }, clientInfo(req));
        return this.answer.of(res, signedIn, onwards);
      },
    );
  }

  /** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 §5.5), for the sign-in page. */
  @Get('login/passkey/options')
  @Access('anonymous')
  @Header('Cache-Control', 'no-store')
  forSignIn(): Promise<object> {
    return this.webauthn.requestOptions('sign_in', '');
  }

  /** The same for the second step of a sign-in: good for the one that waits in this browser. */
  @Get('login/second-factor/options')
  @Access('anonymous')
  @Header('Cache-Control', 'no-store')
  async forSecondFactor(@Req() req: Request): Promise<object> {
    const waiting = await this.secondFactor.inspect('browser', this.cookie.readPending(req));
    if (!waiting) throw new DomainError('not_found', 'errors.not_found');
    return this.webauthn.requestOptions('second_factor', waiting.id);
  }

  /** The same for a confirmation: good for this session. */
  @Get('confirm/options')
  @Access('self')
  @GateExempt()
  @DenyImpersonation()
  @Header('Cache-Control', 'no-store')
  forStepUp(@CurrentUser() me: Principal): Promise<object> {
    return this.webauthn.requestOptions('second_factor', me.sessionId);
  }
}

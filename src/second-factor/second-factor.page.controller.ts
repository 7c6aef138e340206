import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AppConfig } from '../core/config/config.js';
import type { Principal } from '../core/context/principal.js';
import { Access, DenyImpersonation, GateExempt } from '../core/http/access/access.js';
import { nextOnboardingStep } from '../core/http/access/onboarding-steps.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { StepUp } from '../core/http/access/step-up.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
  type Redirect,
} from '../core/http/pipeline/answers.js';
import { safePath, withNext } from '../core/http/security/safe-path.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { FactorsService } from './factors.service.js';
import { codesPage } from './recovery-codes.presenter.js';
import { SetUpForm } from './second-factor.forms.js';

const PATH = '/profile/second-factor/';

/**
 * A person's second factors: what they have, set up, removed. Open before onboarding is complete, since a
 * required factor is one of its steps.
 */
@Controller('profile/second-factor')
@Access('self')
@GateExempt()
@DenyImpersonation()
export class SecondFactorSettingsPageController {
  constructor(
    private readonly factors: FactorsService,
    private readonly cookie: SessionCookie,
    private readonly config: AppConfig,
  ) {}

  @Get()
  async show(@CurrentUser() me: Principal, @Query('next') asked: unknown): Promise<Answer> {
    const next = safePath(asked, '');
    const isRequired = this.isRequired(me);
    // A session from before the factor: it is shown now.
    if (isRequired && me.secondFactors.length > 0) return seeOther(withNext('/confirm/', next));
    const { totp, recoveryCodes } = await this.factors.own(me);
    const hasFactor = recoveryCodes !== null;
    const isLow = hasFactor && recoveryCodes < 4;
    const setUpUrl = withNext(`${PATH}authenticator/`, next);
    const model = { totp, recoveryCodes, hasFactor, isLow, isRequired, setUpUrl };
    return page('second-factor/factors', model, { section: 'profile' });
  }

  /** Shows a new secret; nothing is stored until a code confirms it. */
  @Get('authenticator')
  @StepUp()
  setUp(@CurrentUser() me: Principal, @Query('next') next: unknown): Answer {
    if (me.secondFactors.includes('totp')) return seeOther(PATH);
    return this.setUpPage(me, Form.blank({ next: safePath(next, '') }));
  }

  /** Answers with the recovery codes. A form that is sent twice is refused because there is an app. */
  @Post('authenticator')
  @StepUp()
  @RateLimit('second_factor')
  add(
    @CurrentUser() me: Principal,
    @Body(formOf(SetUpForm)) form: Form<SetUpForm>,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.setUpPage(me, refused),
      async ({ code, set_up, next }) => {
        const { codes, token } = await this.factors.addTotp(me, set_up ?? '', code);
        if (token) this.cookie.renew(res, token);
        const onwards = safePath(next, PATH);
        if (codes) return codesPage(codes, 'second-factor.flash.added', onwards);
        return seeOther(onwards, success('second-factor.flash.added'));
      },
    );
  }

  @Post('authenticator/remove')
  @StepUp()
  async remove(@CurrentUser() me: Principal): Promise<Redirect> {
    await this.factors.removeTotp(me);
    return seeOther(PATH, success('second-factor.flash.removed'));
  }

  /** GET on the URL of the codes, for reloads: they are not shown again. */
  @Get('recovery-codes')
  back(): Redirect {
    return seeOther(PATH);
  }

  @Post('recovery-codes')
  @StepUp()
  @RateLimit('second_factor')
  async newCodes(@CurrentUser() me: Principal): Promise<Page> {
    return codesPage(await this.factors.newCodes(me), 'second-factor.shown.renewed', PATH);
  }

  private setUpPage(me: Principal, form: Form<object>): Page {
    const setUp = this.factors.setUp(me, form.values.set_up);
    const { next = '' } = form.values;
    const model = { ...setUp, form: new Form(form.input, { next }, form.problems) };
    return page('second-factor/set-up', model, { section: 'profile' });
  }

  /** Whether the person must set one up, or show it, before going on. */
  private isRequired(me: Principal): boolean {
    const isNext = (isBackOffice: boolean) =>
      nextOnboardingStep(me, this.config, isBackOffice)?.name === 'second_factor';
    return isNext(false) || (me.isStaff && isNext(true));
  }
}

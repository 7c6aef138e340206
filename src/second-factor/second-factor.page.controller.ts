import { Body, Controller, Get, Post, Query } from '@nestjs/common';
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
import { SITE_NAME } from '../core/http/pages/shell-builder.js';
import { safePath, withNext } from '../core/http/security/safe-path.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { RECOVERY_CODES } from './recovery-code.js';
import { FactorsService } from './factors.service.js';
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

  /**
   * Answers with the page that shows the recovery codes, so that they are in no URL and no cookie; signed-in
   * pages are `no-store`. A form that is sent twice is refused because there is an app.
   */
  @Post('authenticator')
  @StepUp()
  @RateLimit('second_factor')
  add(
    @CurrentUser() me: Principal,
    @Body(formOf(SetUpForm)) form: Form<SetUpForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.setUpPage(me, refused),
      async ({ code, set_up, next }) => {
        const codes = await this.factors.addTotp(me, set_up ?? '', code);
        const onwards = safePath(next, PATH);
        if (codes) return this.codesPage(codes, onwards, true);
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
    return this.codesPage(await this.factors.newCodes(me), PATH);
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

  private codesPage(codes: readonly string[], onwards: string, isFirst = false): Page {
    const text = codes.join('\n');
    const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${SITE_NAME}\n\n${text}\n`)}`;
    const model = { text, file, isFirst, onwards, count: RECOVERY_CODES };
    return page('second-factor/recovery-codes', model, { section: 'profile' });
  }
}

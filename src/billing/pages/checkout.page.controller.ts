import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import type { Principal } from '../../core/context/principal.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { WorksReadOnly } from '../../core/entitlements/read-only.guard.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { formOf, type Form } from '../../core/http/forms/form.js';
import { page, seeOther, success, type Answer } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { BillingService } from '../subscriptions/billing.service.js';
import { CheckoutService } from '../subscriptions/checkout.service.js';
import { PlanForm } from './billing.forms.js';
import { providerPage } from './provider-page.js';
import { refusedWith } from './refused.js';

const BILLING = '/settings/billing/';
const PLANS = '/settings/billing/plans/';

/** The way to the provider's page and back. */
@Controller('settings/billing')
@May('billing:write')
@DenyImpersonation()
@WorksReadOnly()
@NotSensitive()
export class CheckoutPageController {
  constructor(
    private readonly config: AppConfig,
    private readonly billing: BillingService,
    private readonly checkouts: CheckoutService,
  ) {}

  @Post('checkout')
  start(
    @CurrentUser() me: Principal,
    @Body(formOf(PlanForm)) form: Form<PlanForm>,
  ): Promise<Answer> {
    return refusedWith(PLANS, form, async (choice) => {
      const url = await this.checkouts.start(me, choice);
      return seeOther(providerPage(url, this.config.appUrl));
    });
  }

  /** Payment methods and past payments, at the provider. */
  @Post('portal')
  @StepUp()
  portal(@CurrentUser() me: Principal): Promise<Answer> {
    return refusedWith(BILLING, null, async () => {
      const url = await this.billing.portalUrl(me, `${this.config.appUrl}${BILLING}`);
      return seeOther(providerPage(url, this.config.appUrl));
    });
  }

  /**
   * Where the provider sends people back to. It asks the provider what was paid and shows that; coming here
   * grants nothing. Until the provider knows, the page asks for itself again.
   */
  @Get('return/:id')
  async back(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    const checkoutId = idParam(id);
    await this.checkouts.requireOwn(checkoutId);
    await this.billing.refresh(me).catch((error: unknown) => {
      // The provider does not answer now: the page asks again.
      if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
    });
    switch (await this.checkouts.requireOwn(checkoutId)) {
      case 'completed':
        return seeOther(BILLING, success('billing.flash.subscribed'));
      case 'abandoned':
        return seeOther(BILLING, { kind: 'info', key: 'billing.flash.abandoned' });
    }
    const { subscription } = await this.billing.overview(me);
    // The first payment was declined or has to be confirmed: the page of the subscription says what to do.
    if (subscription?.status === 'incomplete') return seeOther(BILLING);
    return page('billing/return', {}, { section: 'settings' });
  }
}

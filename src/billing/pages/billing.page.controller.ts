import { Controller, Get, Post, Query } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { WorksReadOnly } from '../../core/entitlements/read-only.guard.js';
import { Entitlements } from '../../core/entitlements/entitlements.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { formOf, type Form } from '../../core/http/forms/form.js';
import { page, seeOther, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { BillingDetailsService } from '../subscriptions/billing-details.service.js';
import { BillingService } from '../subscriptions/billing.service.js';
import { CheckoutService } from '../subscriptions/checkout.service.js';
import { IntervalQuery } from './billing.forms.js';
import { presentInvoiceRow } from './invoice.presenter.js';
import { presentPlans } from './plans.presenter.js';
import { refusedWith } from './refused.js';
import { readerOf } from './reader.js';
import { presentStanding } from './standing.presenter.js';

const PATH = '/settings/billing/';
const SECTION = { section: 'settings' };

/** Settings tab of the subscription: where the organisation stands, and the plans it may choose from. */
@Controller('settings/billing')
@May('billing:read')
@DenyImpersonation()
@NotSensitive()
export class BillingPageController {
  constructor(
    private readonly billing: BillingService,
    private readonly checkouts: CheckoutService,
    private readonly details: BillingDetailsService,
    private readonly entitlements: Entitlements,
  ) {}

  @Get()
  async show(@CurrentUser() me: Principal): Promise<Page> {
    if (!this.entitlements.isOn) return page('billing/off', {}, SECTION);
    const reader = readerOf(me);
    const [overview, invoices, details] = await Promise.all([
      this.billing.overview(me),
      this.billing.invoices(me),
      this.details.get(me),
    ]);
    const model = {
      standing: presentStanding(overview, me.plan, this.entitlements.mode(me.plan), reader),
      limits: this.entitlements.all(me.plan).limits,
      details: details.legalName === null ? null : details,
      invoices: invoices.map((row) => presentInvoiceRow(row, reader)),
    };
    return page('billing/billing', model, SECTION);
  }

  /** Fetches anew what the payment provider knows. */
  @Post('refresh')
  @May('billing:write')
  @WorksReadOnly()
  refresh(@CurrentUser() me: Principal): Promise<Answer> {
    return refusedWith(PATH, null, async () => {
      await this.billing.refresh(me);
      return seeOther(PATH);
    });
  }

  /** The plans, to choose one for the first time or another one. */
  @Get('plans')
  async plans(
    @CurrentUser() me: Principal,
    @Query(formOf(IntervalQuery)) { input }: Form<IntervalQuery>,
  ): Promise<Page> {
    const reader = readerOf(me);
    const overview = await this.billing.overview(me);
    const standing = presentStanding(overview, me.plan, this.entitlements.mode(me.plan), reader);
    const interval = input.interval ?? standing.interval ?? 'month';
    const isSubscribed =
      standing.state !== 'free' &&
      standing.state !== 'over_limit' &&
      standing.state !== 'incomplete';
    const model = {
      ...presentPlans(interval, reader.locale),
      hasTrial: !isSubscribed && (await this.checkouts.hasTrial()),
      isSubscribed,
      current: isSubscribed ? `${standing.plan} ${standing.interval ?? ''}` : 'free',
    };
    return page('billing/plans', model, SECTION);
  }
}

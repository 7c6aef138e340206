import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { WorksReadOnly } from '../../core/entitlements/read-only.guard.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { BillingService } from '../subscriptions/billing.service.js';
import { PlanForm, SeatsForm, SeatsQuery } from './billing.forms.js';
import { presentChange } from './change.presenter.js';
import { readerOf } from './reader.js';
import { refusedWith } from './refused.js';

const BILLING = '/settings/billing/';
const SECTION = { section: 'settings' };

/** Changes of the subscription. What costs money is shown to the cent before it is confirmed. */
@Controller('settings/billing')
@May('billing:write')
@DenyImpersonation()
@WorksReadOnly()
@NotSensitive()
export class SubscriptionPageController {
  constructor(private readonly billing: BillingService) {}

  /** What the change to a plan costs; changes nothing. */
  @Get('plan')
  confirmPlan(
    @CurrentUser() me: Principal,
    @Query(formOf(PlanForm)) form: Form<PlanForm>,
  ): Promise<Answer> {
    return refusedWith(`${BILLING}plans/`, form, async (choice) => {
      const { subscription } = await this.billing.overview(me);
      const preview = await this.billing.preview(me, choice);
      const change = presentChange(subscription, preview, readerOf(me));
      return page('billing/change-plan', { choice, change }, SECTION);
    });
  }

  @Post('plan')
  changePlan(
    @CurrentUser() me: Principal,
    @Body(formOf(PlanForm)) form: Form<PlanForm>,
  ): Promise<Answer> {
    return refusedWith(`${BILLING}plans/`, form, async (choice) => {
      await this.billing.changePlan(me, choice);
      return seeOther(BILLING, success('billing.flash.plan_changed'));
    });
  }

  /** How many seats are paid for, and with `seats` what that many would cost. */
  @Get('seats')
  async showSeats(
    @CurrentUser() me: Principal,
    @Query(formOf(SeatsQuery)) { input }: Form<SeatsQuery>,
  ): Promise<Answer> {
    return refusedWith(BILLING, null, () => this.seatsPage(me, Number(input.seats) || null));
  }

  @Post('seats')
  async setSeats(
    @CurrentUser() me: Principal,
    @Body(formOf(SeatsForm)) form: Form<SeatsForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.seatsPage(me, null, refused),
      async ({ seats }) => {
        await this.billing.setSeats(me, seats);
        return seeOther(BILLING, success('billing.flash.seats_changed'));
      },
    );
  }

  @Post('cancel')
  cancel(@CurrentUser() me: Principal): Promise<Answer> {
    return refusedWith(BILLING, null, async () => {
      await this.billing.cancel(me);
      return seeOther(BILLING, {
        ...success('billing.flash.cancelled'),
        undo: `${BILLING}resume/`,
      });
    });
  }

  @Post('resume')
  resume(@CurrentUser() me: Principal): Promise<Answer> {
    return refusedWith(BILLING, null, async () => {
      await this.billing.resume(me);
      return seeOther(BILLING, success('billing.flash.resumed'));
    });
  }

  private async seatsPage(
    me: Principal,
    seats: number | null,
    refused?: Form<object>,
  ): Promise<Page> {
    const { subscription, members, invitations } = await this.billing.overview(me);
    // Asked also without another number: it says whether there is a subscription whose seats may be changed.
    const wanted = seats ?? subscription?.quantity ?? members;
    const preview = await this.billing.previewSeats(me, Math.max(wanted, 1));
    const isPreview = seats !== null && seats >= members && seats !== subscription?.quantity;
    const form = refused ?? Form.blank({ seats: String(wanted) });
    if (seats !== null && seats < members) {
      const args = { members };
      form.problems.push({ field: 'seats', key: 'billing.errors.too_few_seats', args });
    }
    const model = {
      ...{ form, members, invitations, seats: wanted },
      paid: subscription?.quantity ?? members,
      change: isPreview ? presentChange(subscription, preview, readerOf(me)) : null,
    };
    return page('billing/seats', model, SECTION);
  }
}

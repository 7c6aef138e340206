import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { AdminShell } from '../../core/back-office/admin-shell.js';
import { AdminWords } from '../../core/back-office/admin-words.js';
import { BackOffice } from '../../core/back-office/back-office.js';
import { RecordsRepository } from '../../core/back-office/records.repository.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access } from '../../core/http/access/access.js';
import { StepUp } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { seeOther, success, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { BILLING_INTERVALS } from '../catalogue/plan.js';
import { presentChange } from '../pages/change.presenter.js';
import { readerOf } from '../pages/reader.js';
import { refusedWith } from '../pages/refused.js';
import type { LiveSubscription } from '../sync/subscriptions.repository.js';
import { SOLD_PLANS, StaffChangeForm, TrialForm } from './staff-sales.forms.js';
import { StaffSubscriptions } from './staff-subscriptions.service.js';

const USUAL_EXTENSION = '14';

/** Superusers change a live subscription, and extend a trial. */
@Controller('admin/subscriptions')
@Access('staff')
export class StaffSubscriptionPageController {
  constructor(
    private readonly subscriptions: StaffSubscriptions,
    private readonly office: BackOffice,
    private readonly records: RecordsRepository,
    private readonly words: AdminWords,
    private readonly shell: AdminShell,
  ) {}

  /** What may be chosen, and with a choice in the query what it costs. */
  @Get(':id/change')
  async askChange(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Query(formOf(StaffChangeForm)) asked: Form<StaffChangeForm>,
  ): Promise<Answer> {
    requireSuperuser(me);
    const row = await this.row(id);
    return refusedWith(this.address(row), null, () => this.changePage(me, row, asked));
  }

  @Post(':id/change')
  @StepUp()
  async change(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(StaffChangeForm)) form: Form<StaffChangeForm>,
  ): Promise<Answer> {
    const row = await this.row(id);
    return submit(
      form,
      (refused) => this.changePage(me, row, refused),
      async (choice) => {
        await this.subscriptions.change(me, row, choice);
        return seeOther(this.address(row), success('billing.staff.flash.changed'));
      },
    );
  }

  @Get(':id/extend_trial')
  async askTrial(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    requireSuperuser(me);
    const row = await this.row(id);
    return refusedWith(this.address(row), null, () => this.trialPage(me, row));
  }

  @Post(':id/extend_trial')
  @StepUp()
  async extendTrial(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(TrialForm)) form: Form<TrialForm>,
  ): Promise<Answer> {
    const row = await this.row(id);
    return submit(
      form,
      (refused) => this.trialPage(me, row, refused),
      async ({ days, reason, trial_ends: seen = '' }) => {
        await this.subscriptions.extendTrial(me, row, { days, reason, seen });
        return seeOther(this.address(row), success('billing.staff.flash.trial_extended'));
      },
    );
  }

  /** @param asked what was chosen, with what is wrong about it; empty before that */
  private async changePage(me: Principal, row: Row, asked: Form<StaffChangeForm>): Promise<Page> {
    const { live, members } = await this.subscriptions.find(me, row);
    const isAsked = Object.keys(asked.values).length > 0;
    const form = isAsked ? asked : Form.blank(valuesOf(live));
    const model = {
      ...{ form, members },
      action: `${this.address(row)}change/`,
      back: this.address(row),
      plans: SOLD_PLANS.map((value) => ({ value })),
      intervals: BILLING_INTERVALS.map((value) => ({ value })),
      change: isAsked && asked.ok ? await this.preview(me, row, live, asked) : null,
    };
    return this.shell.page('billing/staff-change', model, 'subscriptions', this.crumbs(row));
  }

  /** Null where it is refused, which the form says then. */
  private async preview(
    me: Principal,
    row: Row,
    live: LiveSubscription,
    asked: Form<StaffChangeForm>,
  ) {
    try {
      const preview = await this.subscriptions.preview(me, row, asked.input);
      return presentChange(live, preview, readerOf(me));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      asked.refused(error);
      return null;
    }
  }

  private async trialPage(me: Principal, row: Row, refused?: Form<object>): Promise<Page> {
    const { live } = await this.subscriptions.find(me, row);
    const { trialEndsAt, status } = live;
    if (status !== 'trialing' || !trialEndsAt) {
      throw new DomainError('conflict', 'billing.staff.errors.no_trial');
    }
    const model = {
      trialEndsAt,
      seen: trialEndsAt.toISOString(),
      form: refused ?? Form.blank({ days: USUAL_EXTENSION }),
      action: `${this.address(row)}extend_trial/`,
      back: this.address(row),
    };
    return this.shell.page('billing/staff-trial', model, 'subscriptions', this.crumbs(row));
  }

  private row(id: string): Promise<Row> {
    return this.records.get(this.office.get('subscriptions'), idParam(id));
  }

  private address({ id }: Row): string {
    return this.office.get('subscriptions').address(id);
  }

  private crumbs(row: Row) {
    const list = this.office.get('subscriptions');
    return [
      { href: list.address(), text: this.words.plural(list) },
      { href: this.address(row), text: String(row.external_id) },
    ];
  }
}

function valuesOf({ planKey, interval, quantity }: LiveSubscription): Record<string, string> {
  return { plan: planKey ?? '', interval, seats: String(quantity) };
}

import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { AdminShell } from '../../core/back-office/admin-shell.js';
import { AdminWords } from '../../core/back-office/admin-words.js';
import { BackOffice } from '../../core/back-office/back-office.js';
import { readQuery } from '../../core/back-office/list-query.js';
import { RecordPresenter } from '../../core/back-office/record.presenter.js';
import { RecordsRepository } from '../../core/back-office/records.repository.js';
import type { Principal } from '../../core/context/principal.js';
import { currentContext } from '../../core/context/request-context.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access } from '../../core/http/access/access.js';
import { StepUp } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { seeOther, success, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { LOCALES } from '../../core/i18n/locales.js';
import { ReferenceOptions } from '../../reference/reference-options.js';
import { BILLING_INTERVALS } from '../catalogue/plan.js';
import { detailsOf, valuesOf } from '../pages/billing.forms.js';
import { priceFor } from '../subscriptions/billing.service.js';
import { SellForm, SOLD_PLANS } from './staff-sales.forms.js';
import { StaffSales } from './staff-sales.service.js';

/** Organisations that are offered at once. */
const OFFERED = 20;
/** Days, of an invoice. */
const USUAL_PAYMENT_DAYS = '30';

/** Superusers sell by hand. i18n-uses: billing.staff.languages.* */
@Controller('admin')
@Access('staff')
export class SellPageController {
  constructor(
    private readonly sales: StaffSales,
    private readonly office: BackOffice,
    private readonly records: RecordsRepository,
    private readonly presenter: RecordPresenter,
    private readonly options: ReferenceOptions,
    private readonly words: AdminWords,
    private readonly shell: AdminShell,
  ) {}

  /** To whom. */
  @Get('subscriptions/sell')
  async choose(@CurrentUser() me: Principal, @Query('q') q: unknown): Promise<Page> {
    requireSuperuser(me);
    if (!this.sales.isOn) throw new DomainError('not_found', 'errors.not_found');
    const tenants = this.office.get('tenants');
    const query = readQuery(this.office, tenants, { q, state: 'active' });
    const { items } = await this.records.list(tenants, query, OFFERED);
    const rows = items.map((row) => ({
      href: tenants.address(row.id, 'sell'),
      title: this.presenter.title(tenants, row),
    }));
    const model = { q: query.q, rows };
    return this.shell.page('billing/sell-to', model, 'subscriptions', [this.crumb()]);
  }

  @Get('tenants/:id/sell')
  ask(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Page> {
    return this.page(me, idParam(id));
  }

  @Post('tenants/:id/sell')
  @StepUp()
  sell(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(SellForm)) form: Form<SellForm>,
  ): Promise<Answer> {
    const tenantId = idParam(id);
    return submit(
      form,
      (refused) => this.page(me, tenantId, refused),
      async (input) => {
        const isInvoiced = await this.sales.sell(me, tenantId, {
          price: priceFor(input),
          seats: input.seats,
          startsOn: input.start,
          paymentDays: input.payment_days,
          locale: input.language,
          details: detailsOf(input),
          version: input.version,
        });
        const told = success(`billing.staff.flash.${isInvoiced ? 'sold' : 'sold_later'}`);
        return seeOther(this.office.get('tenants').address(tenantId), told);
      },
    );
  }

  private async page(me: Principal, tenantId: string, refused?: Form<object>): Promise<Page> {
    requireSuperuser(me);
    const tenants = this.office.get('tenants');
    const row = await this.records.get(tenants, tenantId);
    const { details, members, hasSubscription } = await this.sales.prepare(me, tenantId);
    const { locale } = currentContext();
    const organization = this.presenter.title(tenants, row);
    const suggested = {
      ...valuesOf({ ...details, legalName: details.legalName ?? organization }),
      plan: 'team',
      interval: 'month',
      seats: String(Math.max(members, 1)),
      start: this.sales.today,
      payment_days: USUAL_PAYMENT_DAYS,
      language: locale,
    };
    const isStale = refused?.problems.some(({ key }) => key === 'billing.errors.stale_details');
    const model = {
      organization,
      hasSubscription,
      members,
      action: tenants.address(tenantId, 'sell'),
      back: tenants.address(tenantId),
      subscriptions: `${this.office.get('subscriptions').address()}?tenant=${tenantId}`,
      form: refused ?? Form.blank(suggested),
      version: isStale ? details.version : (refused?.values.version ?? details.version),
      saved: isStale ? details : null,
      plans: SOLD_PLANS.map((value) => ({ value })),
      intervals: BILLING_INTERVALS.map((value) => ({ value })),
      languages: LOCALES.map((value) => ({ value })),
      countries: await this.options.countries(locale),
    };
    const crumbs = [
      { href: tenants.address(), text: this.words.plural(tenants) },
      { href: model.back, text: organization },
    ];
    return this.shell.page('billing/sell', model, 'tenants', crumbs);
  }

  private crumb() {
    const list = this.office.get('subscriptions');
    return { href: list.address(), text: this.words.plural(list) };
  }
}

import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { AdminShell } from '../../core/back-office/admin-shell.js';
import { AdminWords } from '../../core/back-office/admin-words.js';
import { BackOffice } from '../../core/back-office/back-office.js';
import { RecordPresenter } from '../../core/back-office/record.presenter.js';
import { RecordsRepository } from '../../core/back-office/records.repository.js';
import type { Principal } from '../../core/context/principal.js';
import { Access } from '../../core/http/access/access.js';
import { StepUp } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { seeOther, success, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { amountOf, endOf, OverrideForm, valuesOf } from './override.forms.js';
import { OverridesService, type Decidable } from './overrides.service.js';

/** Superusers decide what an organisation may do beside its plan. */
@Controller('admin/tenants')
@Access('staff')
export class OverridesPageController {
  constructor(
    private readonly overrides: OverridesService,
    private readonly office: BackOffice,
    private readonly records: RecordsRepository,
    private readonly presenter: RecordPresenter,
    private readonly words: AdminWords,
    private readonly shell: AdminShell,
  ) {}

  /** Everything that can be decided, with what holds. */
  @Get(':id/entitlements')
  async list(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Page> {
    const tenantId = idParam(id);
    const all = await this.overrides.all(me, tenantId);
    const { organization, address, crumbs } = await this.frame(tenantId);
    const model = {
      organization,
      rows: all.map((each) => ({
        ...this.presented(each),
        href: `${address}entitlements/${each.name}/`,
      })),
    };
    return this.shell.page('billing/staff-entitlements', model, 'tenants', crumbs);
  }

  @Get(':id/entitlements/:name')
  ask(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Param('name') name: string,
  ): Promise<Page> {
    return this.page(me, idParam(id), name);
  }

  @Post(':id/entitlements/:name')
  @StepUp()
  async set(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Param('name') name: string,
    @Body(formOf(OverrideForm)) form: Form<OverrideForm>,
  ): Promise<Answer> {
    const tenantId = idParam(id);
    const { kind } = await this.overrides.one(me, tenantId, name);
    return submit(
      form,
      (refused) => this.page(me, tenantId, name, refused),
      async (input) => {
        const { until, reason, version } = input;
        const decided = { amount: amountOf(kind, input), until: endOf(until), reason };
        await this.overrides.set(me, tenantId, { entitlement: name, ...decided }, version);
        const address = this.office.get('tenants').address(tenantId);
        return seeOther(`${address}entitlements/`, success('billing.staff.flash.override_set'));
      },
    );
  }

  private async page(
    me: Principal,
    tenantId: string,
    name: string,
    refused?: Form<object>,
  ): Promise<Page> {
    const decidable = await this.overrides.one(me, tenantId, name);
    const { organization, address, crumbs } = await this.frame(tenantId);
    const saved = decidable.decided?.version ?? 0;
    const isStale = refused?.problems.some(({ key }) => key === STALE) ?? false;
    const back = `${address}entitlements/`;
    const model = {
      ...{ organization, back },
      about: this.presented(decidable),
      isLimit: decidable.kind === 'limit',
      action: `${back}${name}/`,
      isStale,
      version: isStale ? saved : (refused?.values.version ?? saved),
      form: refused ?? Form.blank(valuesOf(decidable)),
    };
    const all = { href: back, text: this.words.say('billing.staff.entitlements.title') };
    return this.shell.page('billing/staff-override', model, 'tenants', [...crumbs, all]);
  }

  private presented({ name, kind, ofPlan, decided }: Decidable) {
    const text = (amount: number | null) => this.text(kind, amount);
    return {
      title: this.words.word(this.office.get('overrides'), name),
      ofPlan: text(ofPlan),
      decided: decided && {
        value: text(decided.amount),
        until: decided.until,
        reason: decided.reason,
        isOver: decided.isOver,
      },
    };
  }

  private text(kind: Decidable['kind'], amount: number | null): string {
    if (amount === null) return this.words.say('billing.staff.entitlements.unlimited');
    if (kind === 'limit') return String(amount);
    return this.words.say(`billing.staff.entitlements.${amount === 0 ? 'off' : 'on'}`);
  }

  private async frame(tenantId: string) {
    const tenants = this.office.get('tenants');
    const organization = this.presenter.title(tenants, await this.records.get(tenants, tenantId));
    const address = tenants.address(tenantId);
    const crumbs = [
      { href: tenants.address(), text: this.words.plural(tenants) },
      { href: address, text: organization },
    ];
    return { organization, address, crumbs };
  }
}

const STALE = 'billing.staff.errors.stale_override';

import { Controller, Get, Query } from '@nestjs/common';
import { currentContext } from '../../core/context/request-context.js';
import { Entitlements } from '../../core/entitlements/entitlements.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access } from '../../core/http/access/access.js';
import { formOf, type Form } from '../../core/http/forms/form.js';
import { page, type Page } from '../../core/http/pipeline/answers.js';
import { IntervalQuery } from './billing.forms.js';
import { presentPlans } from './plans.presenter.js';

/** What everything costs, for anybody. There is no such page where nothing is sold. */
@Controller('pricing')
@Access('public')
export class PricingPageController {
  constructor(private readonly entitlements: Entitlements) {}

  @Get()
  show(@Query(formOf(IntervalQuery)) { input }: Form<IntervalQuery>): Page {
    if (!this.entitlements.isOn) throw new DomainError('not_found', 'errors.not_found');
    const { locale } = currentContext();
    return page('billing/pricing', presentPlans(input.interval ?? 'month', locale));
  }
}

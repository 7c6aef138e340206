import { Controller, Get, Post } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { DenyImpersonation, May } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { page, seeOther, type Page, type Redirect } from '../core/http/pipeline/answers.js';
import { BillingService } from './subscriptions/billing.service.js';

const PATH = '/settings/billing/';

/** The billing tab. Works in an organisation that has to pay first: there it is paid. */
@Controller('settings/billing')
@May('billing:read')
@DenyImpersonation()
export class BillingPageController {
  constructor(private readonly billing: BillingService) {}

  @Get()
  show(): Page {
    return page('billing/billing', {}, { section: 'settings' });
  }

  /** Fetches anew what the payment provider knows. */
  @Post('refresh')
  @May('billing:write')
  @WorksReadOnly()
  async refresh(@CurrentUser() me: Principal): Promise<Redirect> {
    await this.billing.refresh(me);
    return seeOther(PATH);
  }
}

import { Controller, Get } from '@nestjs/common';
import { DenyImpersonation, May } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';

/** Placeholder page until plans and subscriptions exist. */
@Controller('settings/billing')
@May('billing:read')
@DenyImpersonation()
export class BillingPageController {
  @Get()
  show(): Page {
    return page('billing/billing', {}, { section: 'settings' });
  }
}

import { Controller, Get } from '@nestjs/common';
import { Access, DenyImpersonation } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';

/** Plans and subscriptions come later; until then the page says so. */
@Controller('settings/billing')
@Access('admin')
@DenyImpersonation()
export class BillingPageController {
  @Get()
  show(): Page {
    return page('settings/billing', {}, { section: 'settings' });
  }
}

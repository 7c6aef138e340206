import { Controller, Get, Post } from '@nestjs/common';
import { AdminShell } from '../../core/back-office/admin-shell.js';
import { AdminWords } from '../../core/back-office/admin-words.js';
import { BackOffice } from '../../core/back-office/back-office.js';
import type { Principal } from '../../core/context/principal.js';
import { Access } from '../../core/http/access/access.js';
import { StepUp } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { seeOther, success, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { BillingAdministration } from './billing-administration.service.js';

/** Superusers have everything that is parked dealt with once more. */
@Controller('admin/billing-events/replay_parked')
@Access('staff')
export class ParkedEventsPageController {
  constructor(
    private readonly billing: BillingAdministration,
    private readonly office: BackOffice,
    private readonly words: AdminWords,
    private readonly shell: AdminShell,
  ) {}

  @Get()
  async ask(@CurrentUser() me: Principal): Promise<Page> {
    requireSuperuser(me);
    const list = this.office.get('billing-events');
    const model = {
      count: await this.billing.parked(),
      back: `${list.address()}?state=parked`,
    };
    const crumbs = [{ href: list.address(), text: this.words.plural(list) }];
    return this.shell.page('billing/replay-parked', model, 'billing-events', crumbs);
  }

  @Post()
  @StepUp()
  async replay(@CurrentUser() me: Principal): Promise<Answer> {
    const count = await this.billing.replayParked(me);
    const address = this.office.get('billing-events').address();
    if (count === 0)
      return seeOther(address, { kind: 'info', key: 'billing.staff.flash.none_parked' });
    return seeOther(address, success('billing.staff.flash.replayed', { count }));
  }
}

import { Controller, Get } from '@nestjs/common';
import { Activity } from '../audit/activity.service.js';
import type { Principal } from '../core/context/principal.js';
import { May } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';
import { may } from '../core/http/access/require-permission.js';
import { seesBilling } from '../billing/access/sees-billing.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { PlanSummaries } from '../billing/access/plan-summary.service.js';
import { MembershipsService } from '../members/memberships.service.js';
import { Agenda } from '../deadlines/agenda.service.js';
import { Checklist } from './checklist.service.js';

@Controller('dashboard')
@May('tenant:read')
export class DashboardPageController {
  constructor(
    private readonly memberships: MembershipsService,
    private readonly agenda: Agenda,
    private readonly activity: Activity,
    private readonly plans: PlanSummaries,
    private readonly checklist: Checklist,
  ) {}

  @Get()
  async show(@CurrentUser() me: Principal): Promise<Page> {
    const seesAll = may(me, 'activity:read');
    const [overview, agenda, activity, plan, checklist] = await Promise.all([
      this.memberships.overview(),
      this.agenda.of(me),
      this.activity.lately(seesAll),
      this.plans.of(me),
      this.checklist.of(me),
    ]);
    const model = {
      ...{ ...overview, agenda, activity, seesAll, plan, managesPlan: seesBilling(me) },
      checklist,
    };
    return page('dashboard/dashboard', model, { section: 'dashboard' });
  }
}

import { Controller, Get } from '@nestjs/common';
import { Activity } from '../audit/activity.service.js';
import type { Principal } from '../core/context/principal.js';
import { May } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';
import { may } from '../core/http/access/require-permission.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { MembershipsService } from '../members/memberships.service.js';
import type { Overview } from '../users/profiles.repository.js';

@Controller('dashboard')
@May('tenant:read')
export class DashboardPageController {
  constructor(
    private readonly memberships: MembershipsService,
    private readonly activity: Activity,
  ) {}

  @Get()
  async show(@CurrentUser() me: Principal): Promise<Page> {
    const [overview, activity] = await Promise.all([
      this.memberships.overview(),
      this.activity.lately(may(me, 'activity:read')),
    ]);
    const model = { ...overview, activity, checklist: checklist(me, overview) };
    return page('dashboard/dashboard', model, { section: 'dashboard' });
  }
}

/** Remaining steps to get started. Inviting people is for admins. */
function checklist(me: Principal, { memberCount, invitationCount }: Overview) {
  const items = {
    profile: me.profileCompletedAt !== null,
    organization: me.tenantId !== null,
    email: me.emailVerified,
    ...(me.role === 'admin' ? { invited: memberCount > 1 || invitationCount > 0 } : {}),
  };
  const done = Object.values(items).filter(Boolean).length;
  const total = Object.keys(items).length;
  return { ...items, done, total, complete: done === total };
}

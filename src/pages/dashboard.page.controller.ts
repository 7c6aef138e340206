import { Controller, Get } from '@nestjs/common';
import { Activity } from '../audit/activity.service.js';
import type { Principal } from '../core/context/principal.js';
import { Access } from '../core/http/access.js';
import { page, type Page } from '../core/http/answers.js';
import { Me } from '../core/http/me.js';
import { MembershipsService } from '../users/memberships.service.js';

@Controller('dashboard')
@Access('signed_in')
export class DashboardPageController {
  constructor(
    private readonly memberships: MembershipsService,
    private readonly activity: Activity,
  ) {}

  @Get()
  async show(@Me() me: Principal): Promise<Page> {
    const [{ members, invitations }, activity] = await Promise.all([
      this.memberships.headcount(),
      this.activity.lately(),
    ]);
    const model = {
      checklist: checklist(me, members, invitations),
      memberCount: members,
      invitationCount: invitations,
      activity,
      plan: null,
    };
    return page('pages/dashboard', model, { section: 'dashboard' });
  }
}

/** What is left to do to get started. Inviting people is for admins. */
function checklist(me: Principal, members: number, invitations: number) {
  const items = {
    profile: me.profileCompletedAt !== null,
    organization: me.tenantId !== null,
    email: me.emailVerified,
    ...(me.role === 'admin' ? { invited: members > 1 || invitations > 0 } : {}),
  };
  const done = Object.values(items).filter(Boolean).length;
  const total = Object.keys(items).length;
  return { ...items, done, total, complete: done === total };
}

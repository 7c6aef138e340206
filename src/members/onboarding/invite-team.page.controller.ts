import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal } from '../../core/context/principal.js';
import { May } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { pathAfter } from '../../core/http/access/onboarding-steps.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { Form, formOf } from '../../core/http/forms/form.js';
import { page, seeOther, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { safePath } from '../../core/http/security/safe-path.js';
import { Inviting, type InvitingParts } from '../invitations/inviting.js';
import { MembershipsService } from '../memberships.service.js';
import { InviteTeamForm } from './invite-team.forms.js';

/** Offered to the founder of an organisation behind the onboarding steps; holds nobody up. */
@Controller('onboarding/invite')
@May('invitations:write')
@NotSensitive()
export class InviteTeamPageController {
  constructor(
    private readonly inviting: Inviting,
    private readonly memberships: MembershipsService,
  ) {}

  @Get()
  async show(@CurrentUser() me: Principal, @Query('next') next: unknown): Promise<Answer> {
    const path = safePath(next, '');
    const form = Form.blank({ role: 'member', next: path });
    return (await this.memberships.isFoundedAlone(me))
      ? this.page({ form })
      : seeOther(this.after(form));
  }

  @Post()
  @StepUp({ forBody: ({ role }) => role === 'admin' })
  invite(
    @CurrentUser() me: Principal,
    @Body(formOf(InviteTeamForm)) form: Form<InviteTeamForm>,
    @Req() req: Request,
  ): Promise<Answer> {
    return this.inviting.submit(me, form, req, {
      show: (parts) => Promise.resolve(this.page(parts)),
      after: this.after(form),
    });
  }

  private page(parts: InvitingParts<object>): Page {
    return page('members/invite-team', { ...parts, after: this.after(parts.form) });
  }

  private after({ values }: Form<object>): string {
    return pathAfter('invite', safePath(values.next, '')) || '/dashboard/';
  }
}

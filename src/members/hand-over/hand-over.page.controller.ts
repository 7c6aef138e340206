import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { WorksReadOnly } from '../../core/entitlements/read-only.guard.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { StepUp } from '../../core/http/access/step-up.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { MemberOptions } from '../member-options.js';
import { HandOverForm } from './hand-over.forms.js';
import { HandOver } from './hand-over.service.js';

/** Gives the admin role to somebody else, and becomes a member. */
@Controller('settings/hand-over')
@May('hand_over:write')
@DenyImpersonation()
export class HandOverPageController {
  constructor(
    private readonly handing: HandOver,
    private readonly options: MemberOptions,
  ) {}

  @Get()
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.page(me);
  }

  @Post()
  @StepUp()
  @WorksReadOnly()
  act(
    @CurrentUser() me: Principal,
    @Body(formOf(HandOverForm)) form: Form<HandOverForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page(me, refused),
      async ({ member_id }) => {
        await this.handing.handOver(me, member_id);
        return seeOther('/dashboard/', success('members.flash.handed_over'));
      },
    );
  }

  private async page(me: Principal, refused?: Form<object>): Promise<Page> {
    const members = (await this.options.offered(null)).filter(
      ({ value }) => value !== me.profileId,
    );
    const model = { form: refused ?? Form.blank({}), members, organization: me.organization ?? '' };
    return page('members/hand-over', model, { section: 'settings' });
  }
}

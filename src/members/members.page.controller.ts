import { Body, Controller, Get, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal, Role } from '../core/context/principal.js';
import { May } from '../core/http/access/access.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';
import { actionFormOf, dispatch, type SentForm } from '../core/http/forms/action-form.js';
import {
  type Page,
  seeOther,
  success,
  type Answer,
  type FlashMessage,
  type Redirect,
} from '../core/http/pipeline/answers.js';
import { formOf, submit, type Form } from '../core/http/forms/form.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { RateLimiter } from '../core/http/security/rate-limiter.js';
import { Upload } from '../core/http/uploads/upload.js';
import { InvitationsService } from './invitations/invitations.service.js';
import { Inviting } from './invitations/inviting.js';
import { MembersService } from './members.service.js';
import { MEMBERS_FORMS, RestoreInvitationForm } from './members.forms.js';
import { MembersPage, PATH, listPath, searchOf, viewFrom } from './members-page.js';
import { WorksReadOnly, type SentBody } from '../core/entitlements/read-only.guard.js';

/** Settings tab of members and invitations. */
@Controller('settings/users')
@May('members:read')
@NotSensitive()
export class MembersPageController {
  constructor(
    private readonly page: MembersPage,
    private readonly members: MembersService,
    private readonly invitations: InvitationsService,
    private readonly inviting: Inviting,
    private readonly limiter: RateLimiter,
  ) {}

  @Get()
  show(@CurrentUser() me: Principal, @Req() req: Request): Promise<Page> {
    return this.page.show(me, viewFrom(searchOf(req.originalUrl)));
  }

  @Post()
  @StepUp({ forBody: grantsRole })
  @May('members:write')
  @Upload('file')
  @WorksReadOnly('always', ({ action }) => action === 'deactivate' || action === 'cancel')
  act(
    @CurrentUser() me: Principal,
    @Body(actionFormOf(MEMBERS_FORMS)) sent: SentForm<typeof MEMBERS_FORMS>,
    @Req() req: Request,
  ): Promise<Answer> {
    const back = listPath(sent.form.input.next);
    const member =
      (act: (id: string) => Promise<FlashMessage>) => (form: Form<{ profile_id?: string }>) =>
        this.change(me, form, back, ({ profile_id }) => act(idParam(profile_id)));
    const invitation =
      (act: (id: string) => Promise<FlashMessage>) => (form: Form<{ invitation_id?: string }>) =>
        this.change(me, form, back, ({ invitation_id }) => act(idParam(invitation_id)));
    return dispatch(sent, {
      invite: (form) =>
        this.inviting.submit(me, form, req, {
          show: (parts) => this.page.show(me, viewFrom(new URLSearchParams()), parts),
          after: PATH,
        }),
      promote: member((id) => this.setRole(me, id, 'admin')),
      set_role: (form) =>
        this.change(me, form, back, ({ profile_id, role }) =>
          this.setRole(me, idParam(profile_id), role),
        ),
      deactivate: member(async (id) => {
        await this.members.deactivate(me, id);
        const done = success('members.flash.deactivated', { name: await this.nameOf(id) });
        return { ...done, undo: `${PATH}${id}/restore/` };
      }),
      reengage: member(async (id) => {
        await this.members.reengage(me, id);
        return success('members.flash.reengaged', { name: await this.nameOf(id) });
      }),
      resend: invitation(async (id) => {
        await this.limiter.spend('invitation', req);
        const { email } = await this.invitations.resend(me, id);
        return success('members.flash.resent', { email });
      }),
      cancel: invitation(async (id) => {
        const { email, cancelledAt } = await this.invitations.cancel(me, id);
        const done = success('members.flash.cancelled', { email });
        const path = `${PATH}invitations/${id}/undo/`;
        return cancelledAt
          ? { ...done, undo: { path, fields: { cancelled_at: cancelledAt } } }
          : done;
      }),
    });
  }

  /** Undoes a deactivation, as offered by its flash message. It gives the role back, admins' too. */
  @Post(':id/restore')
  @StepUp({ refusesOnBehalf: true })
  @May('members:write')
  async restore(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Redirect> {
    const { role } = await this.members.restore(me, idParam(id));
    const key = role === 'admin' ? 'members.flash.restored_admin' : 'members.flash.reengaged';
    return seeOther(PATH, success(key, { name: await this.nameOf(idParam(id)) }));
  }

  /** Takes back that an invitation was withdrawn, as offered by its flash message. It may be one of an admin. */
  @Post('invitations/:id/undo')
  @StepUp({ refusesOnBehalf: true })
  @May('members:write')
  restoreInvitation(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(RestoreInvitationForm)) form: Form<RestoreInvitationForm>,
  ): Promise<Answer> {
    return this.change(me, form, PATH, async ({ cancelled_at = '' }) => {
      const { email } = await this.invitations.restore(me, idParam(id), cancelled_at);
      return success('members.flash.invitation_restored', { email });
    });
  }

  private change<T extends object>(
    me: Principal,
    form: Form<T>,
    back: string,
    act: (input: T) => Promise<FlashMessage>,
  ): Promise<Answer> {
    return submit(
      form,
      (refusal) => this.page.show(me, viewFrom(searchOf(back)), { refusal }),
      async (input) => seeOther(back, await act(input)),
    );
  }

  private async setRole(me: Principal, id: string, role: Role): Promise<FlashMessage> {
    await this.members.setRole(me, id, role);
    const key = role === 'admin' ? 'members.flash.promoted' : 'members.flash.demoted';
    return success(key, { name: await this.nameOf(id) });
  }

  private async nameOf(id: string): Promise<string> {
    const { displayName, email } = await this.members.get(id);
    return displayName ?? email;
  }
}

/** Whether the form gives somebody a role, or invites an admin. */
function grantsRole({ action, role }: SentBody): boolean {
  return action === 'promote' || action === 'set_role' || (action === 'invite' && role === 'admin');
}

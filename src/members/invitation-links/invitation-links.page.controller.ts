import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { WorksReadOnly } from '../../core/entitlements/read-only.guard.js';
import { May } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
  type Redirect,
} from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { InvitationLinkForm } from './invitation-links.forms.js';
import { InvitationLinksService } from './invitation-links.service.js';

const PATH = '/settings/users/links/';

/** Invitation links, under Settings / Users. */
@Controller('settings/users/links')
@May('invitations:read')
@NotSensitive()
export class InvitationLinksPageController {
  constructor(private readonly links: InvitationLinksService) {}

  @Get()
  show(): Promise<Page> {
    return this.page(Form.blank({ role: 'member', max_uses: '10', days: '7' }));
  }

  /** Answers with the page: the address of the link cannot be shown again. */
  @Post()
  @StepUp({ forBody: ({ role }) => role === 'admin' })
  @May('invitations:write')
  create(
    @CurrentUser() me: Principal,
    @Body(formOf(InvitationLinkForm)) form: Form<InvitationLinkForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page(refused),
      async ({ role, domains, max_uses: maxUses, days }) => {
        const { url } = await this.links.create(me, { role, domains, maxUses, days });
        return this.page(Form.blank({ role: 'member', max_uses: '10', days: '7' }), url);
      },
    );
  }

  @Post(':id/revoke')
  @May('invitations:write')
  @WorksReadOnly()
  async revoke(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Redirect> {
    await this.links.revoke(me, idParam(id));
    return seeOther(PATH, success('members.links.revoked_flash'));
  }

  private async page(form: Form<object>, created: string | null = null): Promise<Page> {
    const links = await this.links.listed();
    const listed = links.map(({ domains, ...link }) => ({ ...link, domains: domains.join(', ') }));
    return page('members/links', { form, created, links: listed }, { section: 'settings' });
  }
}

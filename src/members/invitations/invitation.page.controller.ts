import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { currentContext } from '../../core/context/request-context.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access, DenyImpersonation } from '../../core/http/access/access.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { KnownDevices } from '../../core/http/security/known-devices.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { SessionCookie } from '../../core/http/security/session-cookie.js';
import { mediaUrl } from '../../core/http/pages/shell-builder.js';
import { Passwords } from '../../users/passwords/passwords.js';
import { AcceptanceService, mayTakeOver, type InvitationStatus } from './acceptance.service.js';
import type { OpenedInvitation } from './invitations.repository.js';
import { AcceptForm } from './acceptance.forms.js';

/** Pages of an invitation link. Opening it changes nothing; accepting is a form. */
@Controller('invite/accept')
@Access('public')
@DenyImpersonation()
export class InvitationPageController {
  constructor(
    private readonly acceptance: AcceptanceService,
    private readonly passwords: Passwords,
    private readonly cookie: SessionCookie,
    private readonly devices: KnownDevices,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    form: Form<object> = Form.blank(),
    status = 200,
  ): Promise<Page> {
    const { principal } = currentContext();
    const { reception, invitation } = await this.acceptance.inspect(token, principal);
    return this.view(reception, invitation, token, form, status);
  }

  @Post(':token')
  @RateLimit('invitation')
  async accept(
    @Param('token') token: string,
    @Body(formOf(AcceptForm)) form: Form<AcceptForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    const { principal } = currentContext();
    const { reception, invitation } = await this.acceptance.inspect(token, principal);
    const isTakeOver =
      form.values.take_over === '1' &&
      !principal &&
      invitation !== null &&
      mayTakeOver(reception, invitation);
    if (!invitation || (reception !== 'accept' && reception !== 'register' && !isTakeOver)) {
      return this.view(reception, invitation, token, form, 409);
    }
    const welcome = () =>
      seeOther(
        '/profile/',
        success('members.flash.joined', { organization: invitation.organization }),
      );
    return this.unlessGone(token, async () => {
      if (reception === 'accept' && principal) {
        await this.acceptance.join(token, principal);
        return welcome();
      }
      return submit(
        form,
        (refused) => this.show(token, refused),
        async ({ password, password_confirm, tz_detect: timezone = null }) => {
          if (password !== password_confirm) {
            throw new DomainError('invalid', 'validation.password_mismatch', {
              field: 'password_confirm',
            });
          }
          const how = { kind: 'browser', isTakeOver, timezone } as const;
          const session = await this.acceptance.register(token, password, clientInfo(req), how);
          this.cookie.open(res, session);
          this.devices.remember(res, invitation.email);
          return welcome();
        },
      );
    });
  }

  /** After a conflict, shows the page with the current status. */
  private async unlessGone(token: string, act: () => Promise<Answer>): Promise<Answer> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DomainError) || !['gone', 'conflict'].includes(error.kind))
        throw error;
      return this.show(token, Form.blank(), 409);
    }
  }

  /** A used link answers 200, an invalid one 410. */
  private view(
    reception: InvitationStatus,
    invitation: OpenedInvitation | null,
    token: string,
    form: Form<object>,
    status: number,
  ): Page {
    if (reception === 'invalid' || !invitation) {
      return page('users/link-invalid', { purpose: 'invitation' }, { status: 400 });
    }
    const { organization, invitedBy, email, role, logoKey } = invitation;
    const path = `/invite/accept/${token}/`;
    const model = {
      reception,
      form,
      passwordMin: this.passwords.minLength(),
      canTakeOver: !currentContext().principal && mayTakeOver(reception, invitation),
      action: path,
      loginUrl: `/login/?next=${encodeURIComponent(path)}`,
      invitation: { organization, invitedBy, email, role, logoUrl: mediaUrl(logoKey) },
    };
    return page('members/invitation', model, { status: reception === 'accepted' ? 200 : status });
  }
}

import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal, Role } from '../core/context/principal.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access } from '../core/http/access.js';
import { Page, seeOther, success, type Answer } from '../core/http/answers.js';
import { formOf, submit, type Form } from '../core/http/form.js';
import { idParam } from '../core/http/id-param.js';
import { Me } from '../core/http/me.js';
import { RateLimiter } from '../core/http/rate-limiter.js';
import { safePath } from '../core/http/safe-path.js';
import { addressesIn } from '../users/addresses.js';
import { INVITATIONS_AT_ONCE, InvitationsService } from '../users/invitations.service.js';
import { MembersService } from '../users/members.service.js';
import { UsersForm } from './settings.forms.js';
import { UsersPage, viewFrom } from './users-page.js';

const PATH = '/settings/users/';

/** The people of the organisation, and who is asked to become one of them. */
@Controller('settings/users')
@Access('admin')
export class UsersPageController {
  constructor(
    private readonly page: UsersPage,
    private readonly members: MembersService,
    private readonly invitations: InvitationsService,
    private readonly limiter: RateLimiter,
  ) {}

  @Get()
  show(@Me() me: Principal, @Req() req: Request): Promise<Page> {
    return this.page.show(me, viewFrom(searchOf(req.originalUrl)));
  }

  @Post()
  act(
    @Me() me: Principal,
    @Body(formOf(UsersForm)) form: Form<UsersForm>,
    @Req() req: Request,
  ): Promise<Answer> {
    const back = backTo(form.input.next);
    const view = viewFrom(searchOf(back));
    if (form.input.action === 'invite') return this.invite(me, form, req);
    return submit(
      form,
      (refusal) => this.page.show(me, view, { refusal }),
      async (input) => {
        const flash = await this.change(me, input, req);
        return seeOther(back, flash);
      },
    );
  }

  /** All sent: a message. Some not: each address is answered, and those stay in the field. */
  private async invite(me: Principal, form: Form<UsersForm>, req: Request): Promise<Answer> {
    const view = viewFrom(new URLSearchParams());
    return submit(
      form,
      (refused) => this.page.show(me, view, { form: refused }),
      async ({ email = '', role }) => {
        const count = addressesIn(email).valid.length;
        await this.limiter.spend(
          'invitation',
          req,
          Math.min(Math.max(count, 1), INVITATIONS_AT_ONCE),
        );
        const results = await this.invitations.invite(me, email, roleOf(role));
        const refused = results.filter(({ outcome }) => outcome !== 'sent');
        if (refused.length === 0) {
          const flash = success('settings.flash.invited', {
            count: results.length,
            email: results[0]!.email,
          });
          return seeOther(PATH, flash);
        }
        form.values.email = refused.map((result) => result.email).join('\n');
        for (const result of refused) {
          const args = { email: result.email };
          form.problems.push({ field: 'email', key: REASONS[result.outcome], args });
        }
        const shown = await this.page.show(me, view, { form, results });
        return new Page(shown.view, shown.model, { ...shown.options, status: 422 });
      },
    );
  }

  private async change(me: Principal, input: UsersForm, req: Request) {
    const { action, profile_id, invitation_id } = input;
    switch (action) {
      case 'promote':
        await this.members.setRole(me, idParam(profile_id), 'admin');
        return success('settings.flash.role_set');
      case 'set_role':
        await this.members.setRole(me, idParam(profile_id), roleOf(input.role));
        return success('settings.flash.role_set');
      case 'deactivate':
        await this.members.deactivate(me, idParam(profile_id));
        return success('settings.flash.deactivated');
      case 'reengage':
        await this.members.reengage(me, idParam(profile_id));
        return success('settings.flash.reengaged');
      case 'resend': {
        await this.limiter.spend('invitation', req);
        const { email } = await this.invitations.resend(me, idParam(invitation_id));
        return success('settings.flash.resent', { email });
      }
      case 'cancel': {
        const { email } = await this.invitations.cancel(me, idParam(invitation_id));
        return success('settings.flash.cancelled', { email });
      }
      default:
        throw new DomainError('malformed', 'settings.errors.unknown_action');
    }
  }
}

const REASONS = {
  sent: 'settings.invite.sent',
  invalid: 'settings.errors.not_an_address',
  belongs: 'settings.errors.belongs',
  pending: 'settings.errors.already_invited',
} as const;

function roleOf(role: string | undefined): Role {
  if (role === 'admin' || role === 'member') return role;
  throw new DomainError('invalid', 'validation.choice', { field: 'role' });
}

/** The list the act was done in, with its filters; nowhere else. */
function backTo(next: unknown): string {
  const path = safePath(next, PATH);
  return path === PATH || path.startsWith(`${PATH}?`) ? path : PATH;
}

function searchOf(path: string): URLSearchParams {
  return new URLSearchParams(path.split('?')[1] ?? '');
}
